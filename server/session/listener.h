#pragma once

#include "server/executors.h"
#include "server/session/services.h"
#include "server/session/ws_channel.h"

#include <boost/asio/ip/tcp.hpp>

#include <atomic>
#include <cstdint>

namespace server {

/// Accepts connections and gives each a strand of its own.
///
/// Thread: `run` on the network executor; `close` from any.
class Listener {
 public:
  /// Expects: `acceptor` listens, and `services` outlives the listener.
  Listener(net::ip::tcp::acceptor acceptor, NetworkExecutor network, Services& services,
           ConnectionLimits limits);

  /// Accepts until closed.
  Task<> run();
  void close();

  /// Connections that are open, also those that have not greeted.
  std::size_t connections() const { return connections_.load(); }

 private:
  Task<> serve(net::ip::tcp::socket socket, std::uint64_t number);

  net::ip::tcp::acceptor acceptor_;
  NetworkExecutor network_;
  Services& services_;
  ConnectionLimits limits_;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> is_closed_{false};
};

}  // namespace server
