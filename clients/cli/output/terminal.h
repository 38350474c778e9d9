#pragma once

#include <cstddef>
#include <optional>

namespace clients {

/// The width of a terminal that does not tell it.
inline constexpr std::size_t columns_usual = 80;

/// How many columns a line on standard output may take: what the terminal says, or COLUMNS, or 80.
/// Nothing where the output goes to a file or to another program, unless COLUMNS bounds that too.
std::optional<std::size_t> output_columns();

}  // namespace clients
