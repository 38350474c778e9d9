#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <string>
#include <string_view>

namespace events {

/// RFC 4648 section 5 without padding: letters, digits, '-' and '_', so that bytes fit into a token
/// of HTTP.
std::string to_base64url(ByteView bytes);
/// Errors: malformed: another character, or a length or last character that no bytes have.
Result<Bytes> from_base64url(std::string_view text);

}  // namespace events
