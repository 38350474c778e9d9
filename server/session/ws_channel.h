#pragma once

#include "events/protocol/liveness.h"
#include "server/session/services.h"
#include "server/task.h"

#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace server {

/// Bounds of one connection.
struct ConnectionLimits {
  std::size_t sessions_max = 20'000;
  std::chrono::seconds request_timeout{10};  ///< For the HTTP request and the upgrade.
  events::protocol::Liveness::Limits liveness;
};

/// Serves one accepted connection until it closes, in TLS when the services have it: answers plain
/// HTTP, and speaks CS/1 as binary WebSocket messages after an upgrade at /s.
///
/// Thread: the socket's executor, which must be a strand.
/// Lifetime: `services` outlives the connection.
Task<> serve_connection(net::ip::tcp::socket socket, std::uint64_t number, Services& services,
                        ConnectionLimits limits);

}  // namespace server
