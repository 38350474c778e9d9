#pragma once

#include "events/protocol/messages.h"
#include "events/result.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

/// Where a server is: "ws://host:port/path", the port 8470 and the path /s when left out.
struct ServerAddress {
  std::string host;
  std::string port = "8470";
  std::string path = "/s";

  /// Errors:  invalid_argument: not of that form.  Only ws:// is spoken.
  static events::Result<ServerAddress> parse(std::string_view url);
};

/// One WebSocket connection, used by blocking calls.
///
/// State: connected until `close`, an error or the end of the object.
/// Thread: one at a time.
class WsLink {
 public:
  /// `greeting`, HELLO or ENROL, travels with the upgrade and costs no round trip of its own; where
  /// something on the way takes it out, it is sent as the first message.
  /// Errors:  io_failed: nobody answers there, or not a WebSocket; timed_out, closed.
  static events::Result<std::unique_ptr<WsLink>> connect(const ServerAddress& address,
                                                         const events::protocol::Message& greeting,
                                                         std::chrono::milliseconds timeout);
  ~WsLink();

  /// Sends frames in order, some of them in one WebSocket message.
  /// Errors:  closed, timed_out.
  events::Result<void> send(std::span<const events::protocol::Message> frames,
                            std::chrono::milliseconds timeout);
  /// The next message's frames; nothing when none came in time, and the link stays good.
  /// Errors:  closed; malformed, too_large, unsupported: the bytes are not frames.
  events::Result<std::optional<std::vector<events::protocol::Message>>> receive(
      std::chrono::milliseconds timeout);
  /// Says goodbye, if the other side still listens.
  void close();

  std::uint64_t bytes_sent() const;
  std::uint64_t bytes_received() const;

 private:
  struct Connection;
  explicit WsLink(std::unique_ptr<Connection> connection);

  std::unique_ptr<Connection> connection_;
};

}  // namespace clients
