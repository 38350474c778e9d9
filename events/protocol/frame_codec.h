#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/protocol/messages.h"

#include <optional>
#include <vector>

namespace events::protocol {

/// Appends one frame: kind (1 byte), varint length, payload.  The explanation in an ERROR or
/// PUSH_NAK is cut to explanation_bytes_max.
/// Expects: the payload is at most frame_bytes_max.
void append_frame(Bytes& target, const Message& message);
Bytes encode_frame(const Message& message);

/// Takes the first frame off `*rest`.  Returns nothing for a frame of an unknown kind that may be
/// skipped.
/// Errors:  malformed (a truncated frame, too), too_large, unsupported.  After an error `*rest` has
///          no meaning.
Result<std::optional<Message>> read_frame(ByteView* rest);

/// All frames of one WebSocket message, in order, without those of unknown kinds that may be
/// skipped.
/// Errors:  as read_frame().  `*read_before_error`, if given, then holds the frames before the bad
///          one.
Result<std::vector<Message>> read_frames(ByteView message,
                                         std::vector<Message>* read_before_error = nullptr);

}  // namespace events::protocol
