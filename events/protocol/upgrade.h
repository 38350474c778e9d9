#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <optional>
#include <string>
#include <string_view>

// A greeting that travels with the WebSocket upgrade, so that greeting costs no round trip of its
// own: as a sub-protocol, which browsers can set too.
// Format:  docs/protocol.md 1.

namespace events::protocol {

/// The sub-protocol the server answers with.
inline constexpr std::string_view subprotocol = "cs1";
/// Of the bodies that carry frames where a WebSocket does not get through.
inline constexpr std::string_view frames_content_type = "application/vnd.khuyenhoc.cs1";
/// Longer greetings go as the first message: proxies cut long header lines.
inline constexpr std::size_t upgrade_greeting_max = 1024;

/// The value of Sec-WebSocket-Protocol.  An empty greeting, or one above the limit, is left out.
std::string offered_subprotocols(ByteView greeting_frame);

/// Whether `offered`, the value of Sec-WebSocket-Protocol, has our sub-protocol.
bool offers_subprotocol(std::string_view offered);
/// The frame of HELLO or ENROL in it; nothing when there is none.
/// Errors: malformed: it cannot be read.
Result<std::optional<Bytes>> greeting_in(std::string_view offered);

}  // namespace events::protocol
