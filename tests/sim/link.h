#pragma once

#include "events/base/bytes.h"
#include "events/protocol/channel_binding.h"
#include "tests/sim/random.h"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>

namespace sim {

/// One connection: messages under way in both directions, in order.  When it is cut, each
/// direction still delivers some of what was under way, the last message perhaps in part; so a
/// server may go on hearing a device that has long connected anew.
struct Link {
  std::uint64_t number{};
  std::optional<events::protocol::ChannelBinding> binding;  ///< As in TLS; none: plain.
  std::deque<events::Bytes> up;                             ///< Device to server.
  std::deque<events::Bytes> down;                           ///< Server to device.
  bool device_gone = false;  ///< Nothing more goes up, nobody reads what comes down.
  bool server_gone = false;  ///< Nothing more comes down, nobody reads what goes up.

  void send_up(events::Bytes message) {
    if (!device_gone && !server_gone) up.push_back(std::move(message));
  }
  void send_down(events::Bytes message) {
    if (!device_gone && !server_gone) down.push_back(std::move(message));
  }
  /// The device closes or dies.
  void leave_device() {
    device_gone = true;
    down.clear();
  }
  /// The server closes or dies.
  void leave_server() {
    server_gone = true;
    up.clear();
  }
  /// The line is dead: both sides will notice.
  void lose() {
    up.clear();
    down.clear();
    device_gone = true;
    server_gone = true;
  }
  /// Drops the end of what is under way.  True when a message was cut in the middle.
  static bool shorten(std::deque<events::Bytes>& messages, Random& random) {
    if (messages.empty()) return false;
    messages.resize(random.between(1, messages.size()));
    events::Bytes& last = messages.back();
    if (last.size() < 2 || random.chance(30)) return false;
    last.resize(random.between(1, last.size() - 1));
    return true;
  }
};

using LinkPtr = std::shared_ptr<Link>;

}  // namespace sim
