#pragma once

#include "clients/device/connection.h"
#include "clients/device/server_address.h"
#include "events/base/result.h"
#include "events/protocol/liveness.h"
#include "events/protocol/messages.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace clients {

/// One WebSocket connection, used by blocking calls.
///
/// State: connected until `close`, an error or the end of the object.
/// Thread: one at a time.
class WsClient {
 public:
  using Liveness = events::protocol::Liveness;

  /// The greeting travels with the upgrade and costs no round trip of its own; where something on
  /// the way takes it out, it is sent as the first message.
  /// Errors:  those of Connection::connect; captive_portal, no_web_socket, upgrade_cut of
  /// line_fault.h: something
  ///          answered, but not with a WebSocket; timed_out, closed; those of `greeter`.
  static events::Result<std::unique_ptr<WsClient>> connect(const ServerAddress& address,
                                                           const ConnectionOptions& options,
                                                           const Greeter& greeter,
                                                           std::chrono::milliseconds timeout,
                                                           Liveness::Limits liveness = {});
  ~WsClient();

  /// Sends frames in order, some of them in one WebSocket message.
  /// Errors:  closed, timed_out.
  events::Result<void> send(std::span<const events::protocol::Message> frames,
                            std::chrono::milliseconds timeout);
  /// The next message's frames; nothing when none came in time, and the link stays good.  Asks a
  /// silent server for a sign of life.
  /// Errors:  closed; timed_out: the server gave no sign of life; malformed, too_large,
  ///          unsupported: the bytes are not frames.
  events::Result<std::optional<std::vector<events::protocol::Message>>> receive(
      std::chrono::milliseconds timeout);
  /// Says goodbye, if the other side still listens.
  void close();

  /// Bytes of the connection without TLS's own, heads of requests and messages included.
  std::uint64_t bytes_sent() const;
  std::uint64_t bytes_received() const;
  /// The TLS session to resume next time; empty when there is none.
  const std::string& ticket() const;
  /// How long silence may last now.
  std::chrono::milliseconds ping_interval() const;

 private:
  struct Socket;
  explicit WsClient(std::unique_ptr<Socket> socket);

  std::unique_ptr<Socket> socket_;
};

}  // namespace clients
