#pragma once

#include "server/base/executors.h"
#include "server/channels/ws_channel.h"
#include "server/session/services.h"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace server {

/// Raises the limit of open files as far as this process may: each connection is a file, and the
/// limit that processes begin with is 1,024.  Says in the log when that is not enough.
void allow_connections(std::size_t connections);

/// Where connections come in.
struct Door {
  net::ip::tcp::acceptor acceptor;
  bool is_plain = false;  ///< In plain text, also where the services have TLS.
};

/// Accepts connections and gives each a strand of its own.
///
/// Thread: `run` on the network executor; `close` from any.
class Listener {
 public:
  /// Expects: there is at least one door, its acceptor listens, and `services` outlives the
  ///          listener.
  Listener(std::vector<Door> doors, NetworkExecutor network, Services& services,
           ConnectionLimits limits);

  std::size_t doors() const { return doors_.size(); }
  /// Accepts what comes in at one of the doors, until closed.
  Task<> run(std::size_t door);
  /// Writes the security log once a minute until closed.
  Task<> report();
  void close();

  /// Connections that are open, also those that have not greeted.
  std::size_t connections() const { return connections_->load(); }

 private:
  using Counter = std::shared_ptr<std::atomic<std::size_t>>;

  /// One open connection, counted as long as the object lives, whatever ends it.
  /// Lifetime: the gate outlives it; the listener need not.
  class Place {
   public:
    Place(Counter count, ConnectionGate& gate, std::uint64_t number)
        : count_(std::move(count)), gate_(gate), number_(number) {
      ++*count_;
    }
    ~Place() {
      gate_.leave(number_);
      --*count_;
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

   private:
    Counter count_;
    ConnectionGate& gate_;
    std::uint64_t number_;
  };

  /// Lets a connection in, or closes it.
  void receive(net::ip::tcp::socket socket, bool is_plain);
  Task<> serve(network::Transport stream, Caller caller, std::unique_ptr<Place> place);

  std::vector<Door> doors_;
  net::steady_timer minute_;
  NetworkExecutor network_;
  Services& services_;
  ConnectionLimits limits_;
  Counter connections_ = std::make_shared<std::atomic<std::size_t>>(0);
  std::atomic<std::uint64_t> last_number_{0};
  std::atomic<bool> is_closed_{false};
};

}  // namespace server
