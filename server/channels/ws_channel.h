#pragma once

#include "events/protocol/liveness.h"
#include "platform/net/transport.h"
#include "server/base/peer_address.h"
#include "server/base/task.h"
#include "server/session/services.h"

#include <chrono>
#include <cstddef>

namespace server {

/// Bounds of one connection.
struct ConnectionLimits {
  std::size_t sessions_max = 20'000;
  std::chrono::seconds request_timeout{10};  ///< For the HTTP request and the upgrade.
  std::chrono::seconds message_timeout{60};  ///< For all of a message that has begun.
  std::chrono::seconds write_timeout{180};   ///< For what a reader takes at least of a write.
  events::protocol::Liveness::Limits liveness;
};

/// Serves one accepted connection until it closes, in TLS when the services have it and the caller
/// did not come in plain text: answers HTTP, and speaks CS/1 as binary WebSocket messages after an
/// upgrade at /s.
///
/// Thread: the stream's executor, which must be a strand.
/// Lifetime: `services` outlives the connection.
Task<> serve_connection(network::Transport stream, Caller caller, Services& services,
                        ConnectionLimits limits);

}  // namespace server
