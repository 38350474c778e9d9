#include "tests/sim/server_clock.h"

#include "events/base/check.h"
#include "tests/sim/violation.h"

#include <algorithm>
#include <string>

namespace sim {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
using server::ClockFault;

namespace {

constexpr std::int64_t step_max = 120'000;
/// More than the guard lets pass at once, and less than a deadline of the simulation is blurred.
constexpr std::int64_t drift_max = 300'000;
constexpr std::uint64_t behind_max = 60'000;
constexpr std::uint64_t day = events::milliseconds_per_day;

std::uint64_t distance(Timestamp one, Timestamp other) {
  return one > other ? one.value - other.value : other.value - one.value;
}

Happening of_fault(ClockFault fault) {
  switch (fault) {
    case ClockFault::before_release:
      return Happening::server_clock_never_set;
    case ClockFault::behind_log:
      return Happening::server_clock_behind_log;
    case ClockFault::doubted:
      return Happening::server_clock_doubted;
    case ClockFault::stepped:
    case ClockFault::none:
      break;
  }
  return Happening::server_clock_stepped;
}

}  // namespace

Timestamp ServerClock::wall(Timestamp now) const {
  const std::int64_t moved = static_cast<std::int64_t>(now.value) + offset_ + drift_;
  return Timestamp{static_cast<std::uint64_t>(std::max<std::int64_t>(moved, 0))};
}

void ServerClock::drift(std::int64_t milliseconds) {
  drift_ = std::clamp(drift_ + milliseconds, -drift_max, drift_max);
}

bool ServerClock::agrees_with(Timestamp other, Timestamp now) const {
  return distance(other, wall(now)) <= day;
}

void ServerClock::start() {
  guard_ = server::ClockGuard(earliest);
  fault_ = ClockFault::none;
  first_offset_.reset();
  vouched_.reset();
}

void ServerClock::note(ClockFault fault) {
  if (fault != fault_ && fault != ClockFault::none) tally_.count(of_fault(fault));
  fault_ = fault;
}

bool ServerClock::has_stepped() const {
  const std::optional<std::int64_t> known = vouched_ ? vouched_ : first_offset_;
  return known && (offset_ - *known > step_max || *known - offset_ > step_max);
}

Result<Timestamp> ServerClock::time(Timestamp now, Timestamp last_received_at) {
  now_ = now;
  const Timestamp shown = wall(now);
  if (!plays_) return shown;
  // A day after the last receipt nobody asks; later than that somebody has to vouch for the time.
  const bool is_possible = shown >= earliest && shown.value + behind_max >= last_received_at.value;
  if (is_possible && !vouched_ && (!first_offset_ || has_stepped())) {
    first_offset_ = offset_;
    const bool follows = last_received_at.value == 0 || shown.value <= last_received_at.value + day;
    if (follows) vouched_ = offset_;
  }
  if (believes_always_) return shown;
  note(guard_.look(sample(now), last_received_at));
  if (fault_ == ClockFault::none) return shown;
  return Error{ErrorCode::server_clock,
               "the server's clock is wrong: " + std::string(name_of(fault_))};
}

Result<void> ServerClock::hear(events::ChainNumber device, Timestamp device_time, Timestamp now) {
  if (!plays_ || believes_always_) return {};
  const bool is_close = agrees_with(device_time, now);
  if (!vouched_ && is_close) {
    vouched_ = offset_;
    if (!is_right()) tally_.count(Happening::server_clock_vouched_wrongly);
  }
  if (!guard_.hear(device, device_time, sample(now))) {
    require(!vouched_, Promise::right_time, "a clock that was vouched for is doubted");
    return Error{ErrorCode::server_clock, "the clocks of server and device differ"};
  }
  require(vouched_.has_value(), Promise::right_time,
          "a device is judged by a clock for which nobody vouches");
  return {};
}

bool ServerClock::confirm(Timestamp now, Timestamp last_received_at) {
  now_ = now;
  CHECK(plays_, "there is a guard to tell");
  if (guard_.look(sample(now), {}) == ClockFault::before_release) return false;
  guard_.confirm(sample(now), last_received_at);
  vouched_ = offset_;
  return true;
}

void ServerClock::look_at_append(std::span<const events::StoredBlock> blocks,
                                 Timestamp last_received_at, bool repairs) {
  if (!plays_ || blocks.empty()) return;
  const Timestamp shown = wall(now_);
  const auto describe = [&](const char* what) {
    return [&, what] {
      return "position " + std::to_string(blocks.front().first.value) + " is appended " + what +
             ": the clock shows " + events::to_iso(shown) + " and it is " + events::to_iso(now_);
    };
  };
  const auto type = events::read_event(blocks.front().entries.front().canonical);
  const bool corrects = type && std::holds_alternative<events::ClockCorrected>(type->payload);
  require(shown >= earliest, Promise::right_time, describe("though the clock was never set"));
  require(repairs || corrects || shown.value + behind_max >= last_received_at.value,
          Promise::right_time, describe("though the clock is behind the log"));
  require(!vouched_ || !has_stepped(), Promise::right_time,
          describe("though the clock was set while the server ran"));
  if (repairs) return;  // They were received when they came first.
  for (const events::StoredBlock& block : blocks) {
    for (std::uint64_t at = block.first.value; at <= block.last().value; ++at) {
      was_right_[events::Position{at}] = is_right();
    }
  }
}

bool ServerClock::was_right_at(events::Position position) const {
  const auto found = was_right_.find(position);
  return found == was_right_.end() || found->second;
}

void ServerClock::excuse(events::ChainNumber chain, std::uint64_t upto_seq) {
  std::uint64_t& upto = excused_[chain];
  upto = std::max(upto, upto_seq);
}

bool ServerClock::is_excused(events::ChainNumber chain, std::uint64_t seq) const {
  const auto found = excused_.find(chain);
  return found != excused_.end() && seq <= found->second;
}

}  // namespace sim
