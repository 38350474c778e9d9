#pragma once

#include "clients/device/server_address.h"
#include "events/base/result.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"
#include "platform/net/tls_client.h"
#include "platform/net/transport.h"

#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace clients {

/// How a device goes to its server.
struct ConnectionOptions {
  std::string authorities{};  ///< Roots to trust, in PEM; the system's when empty.
  std::string session{};      ///< TLS session of an earlier connection to resume.
  bool bind = true;           ///< Bind the greeting to TLS; not where a proxy ends it.
};

/// Makes the greeting, HELLO or ENROL, once it is known over which connection it goes.
using Greeter = std::function<events::Result<events::protocol::Message>(
    const std::optional<events::protocol::ChannelBinding>&)>;

/// A connection to a server, in TLS where its address says so, used by blocking calls.
///
/// State: connected until an error, `abandon` or the end of the object.
/// Thread: one at a time.
class Connection {
 public:
  using Milliseconds = std::chrono::milliseconds;

  /// Errors:  io_failed, timed_out: nobody answers there; those of line_fault.h;
  ///          invalid_argument: ConnectionOptions::authorities are no certificates.
  static events::Result<std::unique_ptr<Connection>> connect(const ServerAddress& address,
                                                             const ConnectionOptions& options,
                                                             Milliseconds timeout);

  network::Transport& transport() { return transport_; }
  /// What a greeting over this line is bound to.
  std::optional<events::protocol::ChannelBinding> binding() const;
  /// The TLS session to resume next time; empty when the server gave none.
  const std::string& ticket() const;

  /// Runs handlers until `done` or the time is up.
  template <class Done>
  bool run_until(Done done, Milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    context_.restart();
    while (!done()) {
      if (context_.run_one_until(deadline) == 0) break;
    }
    return done();
  }

  /// Starts an operation and waits for it; `timed_out` when its time is up, and then the line is
  /// abandoned.
  template <class Start>
  network::error_code wait_for(Start start, Milliseconds timeout) {
    std::optional<network::error_code> result;
    ++under_way_;
    start([this, &result](const network::error_code& code, const auto&...) {
      --under_way_;
      result = code;
    });
    if (!run_until([&] { return result.has_value(); }, timeout)) {
      abandon();
      return network::asio::error::timed_out;
    }
    return *result;
  }

  /// Counts an operation that nobody waits for, so that `abandon` lets it end.
  void begin() { ++under_way_; }
  void end() { --under_way_; }

  /// Closes the socket and lets every handler end, so that none outlives what it refers to.  Not
  /// until the context has nothing to do: a WebSocket's own timer runs on for seconds.
  void abandon();

 private:
  Connection() : transport_(context_.get_executor()) {}
  events::Result<void> reach(const ServerAddress& address, Milliseconds timeout);
  events::Result<void> encrypt(const ServerAddress& address, const ConnectionOptions& options,
                               Milliseconds timeout);

  std::unique_ptr<network::TlsClient> tls_;  // Before the connection that refers to it.
  boost::asio::io_context context_{1};
  network::Transport transport_;
  int under_way_ = 0;
  bool bind_ = true;
};

}  // namespace clients
