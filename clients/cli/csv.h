#pragma once

#include "events/base/result.h"

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

/// Calls `visit` with the number of each line behind the heading and its fields, in NFC: some
/// programs write "ã" as two characters.  Empty lines are left out; `fields` is an error, in words
/// for the person, for a line that is not UTF-8 or whose quotes are not closed.
///
/// Format:  UTF-8, perhaps behind a byte order mark; values separated by commas, in quotes when
///          they hold one; lines end with LF or CR LF.
/// Errors:  invalid_argument: the first line is not `heading`.
events::Result<void> read_csv(
    std::string_view content, std::string_view heading,
    const std::function<void(std::size_t number,
                             const events::Result<std::vector<std::string>>& fields)>& visit);

}  // namespace clients
