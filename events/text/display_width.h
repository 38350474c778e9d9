#pragma once

#include <cstddef>
#include <string_view>

namespace events {

/// The columns that `text` takes on a terminal: two for a wide letter, none for a mark that stands
/// on the letter before it, one for each byte that is not UTF-8.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The longest beginning of `text` that takes at most `columns`; a letter keeps its marks.
[[nodiscard]] std::string_view beginning_within(std::string_view text, std::size_t columns);

}  // namespace events
