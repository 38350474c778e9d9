#pragma once

#include "events/base/bytes.h"
#include "events/protocol/channel_binding.h"
#include "server/base/peer_address.h"
#include "server/base/task.h"
#include "server/session/services.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace server {

/// Frames of a request: a window of pushes with their private records.
inline constexpr std::size_t http_body_bytes_max = 128 * 1024;
/// Frames of an answer; a device that misses something asks again from its new cursor.
inline constexpr std::size_t http_answer_bytes_max = 64 * 1024;

/// What came of one request.
struct Exchanged {
  events::Bytes frames;
  bool was_greeted = false;  ///< Its greeting was proved.
};

/// CS/1 without a connection that stays: serves the frames of one request, HELLO or ENROL first,
/// and returns what the session has to say, until it has nothing more to say or the answer is full.
/// Nothing is kept: the next request greets again.  A refusal waits as long as the gate says.
///
/// `is_page`: a page in a browser speaks, which does not know the binding.
/// Thread: the calling coroutine's executor, which must be a strand.
Task<Exchanged> exchange_frames(Services& services, Caller caller,
                                std::optional<events::protocol::ChannelBinding> binding,
                                bool is_page, events::ByteView frames);

}  // namespace server
