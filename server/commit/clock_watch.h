#pragma once

#include "events/base/result.h"
#include "server/commit/clock_guard.h"

#include <atomic>
#include <functional>
#include <utility>

namespace server {

/// The server's clock as the log thread reads it: a time only while the guard finds nothing wrong.
/// One log line when something is wrong, one when it is over.
///
/// Thread: the log thread; fault() any.
class ClockWatch {
 public:
  using Look = std::function<ClockGuard::Sample()>;

  ClockWatch(Look look, events::Timestamp earliest) : look_(std::move(look)), guard_(earliest) {}

  /// What the clock says.  `last_received_at`: of the log.
  /// Errors: server_clock: nothing may be judged by it.
  events::Result<events::Timestamp> now(events::Timestamp last_received_at);
  /// A device signed that its clock stands at `device_time`; after now() gave a time.
  /// Errors: server_clock: nobody vouches for the server's clock, and this device does not.
  events::Result<void> hear(events::ChainNumber device, events::Timestamp device_time);

  /// The operator says that the clock is right, whatever the last receipt of the log; what it says.
  /// Errors: server_clock: it was never set.
  events::Result<events::Timestamp> confirm(events::Timestamp last_received_at);
  /// See ClockGuard, after now() gave a time.
  bool is_settled() const { return guard_.is_settled(); }
  bool owes_correction() const { return guard_.owes_correction(); }
  /// As confirm() would find it.
  ClockGuard::Sample look() const { return look_(); }
  ClockFault fault() const { return fault_.load(); }

 private:
  void settle(ClockFault fault, events::Timestamp wall, events::Timestamp last_received_at);

  Look look_;
  ClockGuard guard_;
  std::atomic<ClockFault> fault_{ClockFault::none};
};

/// The machine's clocks.
ClockGuard::Sample look_at_machine();
/// 2026-01-01: no clock that runs this software is before it.
inline constexpr events::Timestamp software_begins{1'767'225'600'000};

}  // namespace server
