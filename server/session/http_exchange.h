#pragma once

#include "events/bytes.h"
#include "events/protocol/channel_binding.h"
#include "server/session/services.h"
#include "server/task.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace server {

/// Frames of a request: a window of pushes with their private records.
inline constexpr std::size_t http_body_bytes_max = 128 * 1024;
/// Frames of an answer; a device that misses something asks again from its new cursor.
inline constexpr std::size_t http_answer_bytes_max = 64 * 1024;

/// CS/1 without a connection that stays: serves the frames of one request, HELLO or ENROL first,
/// and returns what the session has to say, until it has nothing more to say or the answer is full.
/// Nothing is kept: the next request greets again.
///
/// Thread: the calling coroutine's executor, which must be a strand.
Task<events::Bytes> exchange_frames(Services& services, std::uint64_t number,
                                    std::optional<events::protocol::ChannelBinding> binding,
                                    events::ByteView frames);

}  // namespace server
