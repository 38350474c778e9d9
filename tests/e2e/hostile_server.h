#pragma once

#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"
#include "tools/bench/certificate.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace e2e {

/// A server of the tests' own on a free port of this machine, that says to devices whatever a
/// script tells it to: one without the log's key, or one that has it and cheats.
///
/// State: all frames that came, of all connections.
/// Thread: any; the script runs on the server's own thread.
class HostileServer {
 public:
  /// A frame that came.
  struct Heard {
    const events::protocol::Message& frame;
    /// Of the TLS connection that it came over; none: plain.
    std::optional<events::protocol::ChannelBinding> binding;
  };
  /// What is answered to a frame; empty: nothing.
  using Script = std::function<std::vector<events::protocol::Message>(const Heard&)>;

  /// `certificate`: of TLS; none: plain text.
  explicit HostileServer(Script script,
                         const std::optional<bench::Certificate>& certificate = std::nullopt);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  std::string url() const;
  std::vector<events::protocol::Message> heard() const;
  /// How many of them were of that kind.
  template <class T>
  std::size_t heard_of() const {
    std::size_t count = 0;
    for (const events::protocol::Message& frame : heard()) {
      if (std::holds_alternative<T>(frame)) ++count;
    }
    return count;
  }

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

/// A WELCOME that fits `hello`: nothing is missing on either side.  Not signed.
events::protocol::Welcome plausible_welcome(const events::protocol::Hello& hello);

}  // namespace e2e
