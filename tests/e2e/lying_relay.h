#pragma once

#include "events/protocol/messages.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace e2e {

/// A true server seen through somebody who changes what it says: a plain WebSocket on a free port
/// of this machine, which passes on what devices say and hands the server's frames to a lie first.
///
/// Thread: any; the lie runs on the relay's own thread.
class LyingRelay {
 public:
  /// What the device that greeted with `hello` hears in the place of `said`; empty: nothing.
  using Lie = std::function<std::vector<events::protocol::Message>(
      const events::protocol::Hello& hello, events::protocol::Message said)>;

  LyingRelay(std::uint16_t server_port, Lie lie);
  ~LyingRelay();
  LyingRelay(const LyingRelay&) = delete;
  LyingRelay& operator=(const LyingRelay&) = delete;

  std::string url() const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace e2e
