#pragma once

#include "events/bytes.h"
#include "events/protocol/messages.h"
#include "events/result.h"

#include <optional>
#include <vector>

namespace events::protocol {

/// Appends one frame: kind (1 byte), varint length, payload.  Cuts a `message` that is too long.
/// Expects: the payload is at most frame_bytes_max.
void append_frame(Bytes& target, const Message& message);
Bytes encode_frame(const Message& message);

/// Takes the first frame off `*rest`.  Nothing for a frame of an unknown kind that may be skipped.
/// Errors:  malformed (also: truncated), too_large, unsupported.  `*rest` is then meaningless.
Result<std::optional<Message>> read_frame(ByteView* rest);

/// All frames of one WebSocket message, in order; skippable unknown ones left out.
/// Errors:  as read_frame; the good ones before a bad one are in `*read_before_error` if given.
Result<std::vector<Message>> read_frames(ByteView message,
                                         std::vector<Message>* read_before_error = nullptr);

}  // namespace events::protocol
