#include "server/commit/clock_watch.h"

#include "server/base/logging.h"

#include <time.h>

#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

std::uint64_t milliseconds_of(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return static_cast<std::uint64_t>(time.tv_sec) * 1000 +
         static_cast<std::uint64_t>(time.tv_nsec) / 1'000'000;
}

Error refusal(ClockFault fault) {
  return {ErrorCode::server_clock, "the server's clock is wrong: " + std::string(name_of(fault))};
}

}  // namespace

ClockGuard::Sample look_at_machine() {
  // CLOCK_BOOTTIME counts on while the machine sleeps; CLOCK_MONOTONIC would make that a step.
  return {events::Timestamp{milliseconds_of(CLOCK_REALTIME)}, milliseconds_of(CLOCK_BOOTTIME)};
}

void ClockWatch::settle(ClockFault fault, events::Timestamp wall,
                        events::Timestamp last_received_at) {
  if (fault_.exchange(fault) == fault) return;
  if (fault == ClockFault::none) {
    return log_info("clock_right", {{"clock", events::to_iso(wall)}});
  }
  log_error("clock_wrong", {{"reason", name_of(fault)},
                            {"clock", events::to_iso(wall)},
                            {"last_receipt", events::to_iso(last_received_at)},
                            {"todo", explain(fault)}});
}

Result<events::Timestamp> ClockWatch::now(events::Timestamp last_received_at) {
  const ClockGuard::Sample sample = look_();
  const ClockFault fault = guard_.look(sample, last_received_at);
  settle(fault, sample.wall, last_received_at);
  if (fault != ClockFault::none) return refusal(fault);
  return sample.wall;
}

Result<void> ClockWatch::hear(events::ChainNumber device, events::Timestamp device_time) {
  if (guard_.hear(device, device_time, look_())) return {};
  return Error{ErrorCode::server_clock,
               "the clocks of server and device differ by more than a day, and no other device has "
               "spoken for the server's since it was started"};
}

Result<events::Timestamp> ClockWatch::confirm(events::Timestamp last_received_at) {
  const ClockGuard::Sample sample = look_();
  const ClockFault fault = guard_.look(sample, {});
  if (fault == ClockFault::before_release) return refusal(fault);
  guard_.confirm(sample, last_received_at);
  return sample.wall;
}

}  // namespace server
