#pragma once

#include "clients/device/connection.h"
#include "clients/device/server_address.h"
#include "events/base/result.h"
#include "events/protocol/messages.h"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace clients {

/// Frames for frames, as bodies of HTTP requests to /s/x, for networks that let no WebSocket
/// through.  The server keeps nothing from one request to the next: each begins with a greeting.
///
/// State: connected; the next request goes over the same connection.
/// Thread: one at a time.
class HttpClient {
 public:
  /// Errors:  those of Connection::connect.
  static events::Result<std::unique_ptr<HttpClient>> connect(const ServerAddress& address,
                                                             const ConnectionOptions& options,
                                                             std::chrono::milliseconds timeout);

  /// What a greeting over this link is bound to.
  std::optional<events::protocol::ChannelBinding> binding() const { return connection_->binding(); }
  /// Sends the greeting, those of the frames behind it that fit, and all of `files` behind them,
  /// and returns the answer. Errors:  closed, timed_out; captive_portal, no_web_socket of
  /// line_fault.h: something else
  ///          answered; malformed, too_large, unsupported: the answer is not frames.
  events::Result<std::vector<events::protocol::Message>> exchange(
      std::span<const events::protocol::Message> frames, std::chrono::milliseconds timeout,
      std::span<const events::protocol::Message> files = {});

  std::uint64_t bytes_sent() const { return connection_->transport().bytes_written(); }
  std::uint64_t bytes_received() const { return connection_->transport().bytes_read(); }
  const std::string& ticket() const { return connection_->ticket(); }

 private:
  HttpClient(std::unique_ptr<Connection> connection, const ServerAddress& address)
      : connection_(std::move(connection)),
        host_(address.authority()),
        path_(address.path + "/x") {}

  std::unique_ptr<Connection> connection_;
  std::string host_;
  std::string path_;
};

/// The frames for one request: the greeting and what fits behind it, a block never without the
/// private records that it names.
events::Bytes body_of(std::span<const events::protocol::Message> frames);

}  // namespace clients
