#pragma once

#include "events/protocol/messages.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

/// A true server seen through somebody who changes what it says: a plain WebSocket on a free port
/// of this machine, which passes on what devices say, as it is or by a mouth of its own, and hands
/// the server's frames to a lie first.
///
/// Thread: any; lie and mouth run on the relay's own thread.
class LyingRelay {
 public:
  /// What the device that greeted with `hello` hears in the place of `said`; empty: nothing.
  using Lie = std::function<std::vector<events::protocol::Message>(
      const events::protocol::Hello& hello, events::protocol::Message said)>;

  /// What the server hears in the place of what a device `said`.
  using Mouth = std::function<events::protocol::Message(events::protocol::Message said)>;

  LyingRelay(std::uint16_t server_port, Lie lie, Mouth mouth = {});
  ~LyingRelay();
  LyingRelay(const LyingRelay&) = delete;
  LyingRelay& operator=(const LyingRelay&) = delete;

  std::string url() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace e2e
