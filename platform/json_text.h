#pragma once

#include "events/archive/json_tree.h"
#include "events/base/result.h"

#include <string_view>

namespace platform {

/// Reads a JSON text (RFC 8259) in UTF-8, with or without a byte order mark, and nothing behind it.
///
/// Errors:  too_large; malformed: the message says what is wrong and where,
///          "line 4, byte 3: this is not JSON in UTF-8".
events::Result<events::JsonTree> read_json(std::string_view text, const events::JsonLimits& limits);

}  // namespace platform
