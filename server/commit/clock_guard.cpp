#include "server/commit/clock_guard.h"

namespace server {
namespace {

std::uint64_t distance(std::uint64_t one, std::uint64_t other) {
  return one > other ? one - other : other - one;
}

}  // namespace

std::string_view name_of(ClockFault fault) {
  switch (fault) {
    case ClockFault::none:
      return "none";
    case ClockFault::before_release:
      return "before_release";
    case ClockFault::behind_log:
      return "behind_log";
    case ClockFault::stepped:
      return "stepped";
    case ClockFault::doubted:
      return "doubted";
  }
  return "unknown";
}

std::string_view explain(ClockFault fault) {
  switch (fault) {
    case ClockFault::none:
      return "The clock may be believed.";
    case ClockFault::before_release:
      return "The clock was never set: it is before this software existed.  Set it.";
    case ClockFault::behind_log:
      return "The clock is before the last receipt of the log.  Set it; if it is right, the log "
             "ran "
             "ahead: confirm it.";
    case ClockFault::stepped:
      return "The clock was set while the server ran.  If it is right now, confirm it.";
    case ClockFault::doubted:
      return "The clock is days after the last receipt, and the clocks of devices differ from it.  "
             "Set it; if it is right, confirm it.";
  }
  return "";
}

ClockFault ClockGuard::look(const Sample& sample, events::Timestamp last_received_at) {
  if (sample.wall < earliest_) return ClockFault::before_release;
  const bool is_behind = sample.wall.value + behind_max < last_received_at.value;
  if (is_behind && !owes_correction_) return ClockFault::behind_log;
  owes_correction_ = is_behind;
  // A clock that nobody has vouched for may be set as at the start.
  const bool begins = !anchor_ || (!anchor_->settled && has_stepped(sample));
  if (begins) {
    const bool follows_soon = last_received_at.value == 0 ||
                              sample.wall.value <= last_received_at.value + unquestioned_gap;
    anchor_ = Anchor{sample, follows_soon};
    doubters_.clear();
  }
  if (has_stepped(sample)) return ClockFault::stepped;
  if (doubters_.size() >= doubters_needed) return ClockFault::doubted;
  // What a time service pulls in a year of small steps is none.
  anchor_->sample = sample;
  return ClockFault::none;
}

bool ClockGuard::has_stepped(const Sample& sample) const {
  const std::uint64_t passed = sample.steady_milliseconds - anchor_->sample.steady_milliseconds;
  return distance(sample.wall.value, anchor_->sample.wall.value + passed) > step_max;
}

bool ClockGuard::hear(events::ChainNumber device, events::Timestamp device_time,
                      const Sample& sample) {
  if (!anchor_ || anchor_->settled) return true;
  if (distance(device_time.value, sample.wall.value) <= agreement) {
    anchor_->settled = true;
    doubters_.clear();
    return true;
  }
  doubters_.insert(device);
  return false;
}

void ClockGuard::confirm(const Sample& sample, events::Timestamp last_received_at) {
  anchor_ = Anchor{sample, true};
  owes_correction_ = sample.wall < last_received_at;
  doubters_.clear();
}

}  // namespace server
