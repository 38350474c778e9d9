#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/protocol/messages.h"

#include <vector>

namespace events::protocol {

// The frames of a device that takes the log in and records nothing.  A program that needs no others
// carries no code for them.

/// As read_frames(): what a server says to such a device, and the answer to ENROL.  Frames of other
/// kinds are taken for unknown ones.
Result<std::vector<Message>> read_pulled_frames(ByteView message);

/// As append_frame(), for what such a device says.
/// Expects: `message` is HELLO, ANSWER, ENROL, PROVE, SNAP_WANT, PURGED or a frame about files.
void append_pulling_frame(Bytes& target, const Message& message);

}  // namespace events::protocol
