#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/log/block.h"
#include "server/commit/clock_guard.h"
#include "tests/sim/tally.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>

namespace sim {

/// The clock of the simulated server: as far off the world's time as somebody set it, with the
/// product's guard in front of it.  Until play() nobody asks the guard, and the clock is right.
///
/// State: the offset and the guard of the running server; beside them, worked out without the
///        product, the offset that somebody vouched for since the server started; and which events
///        came at which moment.
class ServerClock {
 public:
  explicit ServerClock(Tally& tally) : tally_(tally), guard_(earliest) {}

  /// From here on the clock may be wrong, and the guard is asked before it is believed.
  void play() { plays_ = true; }
  bool plays() const { return plays_; }
  /// A planted bug: whatever the guard would say, the clock is believed.
  void believe_always() { believes_always_ = true; }

  // ---- the clock ----

  void set_offset(std::int64_t milliseconds) { offset_ = milliseconds; }
  /// It runs a little too fast or too slow, or is pulled back by as much, without a step: by so
  /// little that it still is right.
  void drift(std::int64_t milliseconds);
  std::int64_t offset() const { return offset_; }
  bool is_right() const { return offset_ == 0; }
  bool was_ever_set(events::Timestamp now) const { return wall(now) >= earliest; }
  /// What it shows.
  events::Timestamp wall(events::Timestamp now) const;
  /// Whether a clock that shows `other` shows the server's time, give or take a day.
  bool agrees_with(events::Timestamp other, events::Timestamp now) const;

  // ---- the guard, asked as by server::Committer ----

  /// The server starts: its guard knows nothing yet.
  void start();
  /// Errors: server_clock.
  events::Result<events::Timestamp> time(events::Timestamp now, events::Timestamp last_received_at);
  /// Errors: server_clock.
  events::Result<void> hear(events::ChainNumber device, events::Timestamp device_time,
                            events::Timestamp now);
  /// The operator says that the clock is right.  False: it was never set.
  bool confirm(events::Timestamp now, events::Timestamp last_received_at);
  bool owes_correction() const { return plays_ && guard_.owes_correction(); }
  /// Whether the guard knows somebody who vouches for the clock.
  bool is_settled() const { return !plays_ || believes_always_ || guard_.is_settled(); }
  /// What the guard found when it was asked last.
  server::ClockFault fault() const { return fault_; }

  // ---- what is watched ----

  /// Somebody vouched for the clock as it is: the log, a device, the operator.
  bool is_vouched_for() const { return vouched_.has_value(); }
  /// Looks whether the server may append now.  `repairs`: a restored log takes back what it lost.
  void look_at_append(std::span<const events::StoredBlock> blocks,
                      events::Timestamp last_received_at, bool repairs);
  /// Whether the event at `position` was appended while the clock was right.
  bool was_right_at(events::Position position) const;
  /// What a chain has up to here met a wrong clock on its way: it is not asked whether it is held.
  void excuse(events::ChainNumber chain, std::uint64_t upto_seq);
  bool is_excused(events::ChainNumber chain, std::uint64_t seq) const;

 private:
  /// No simulated day is before it.
  static constexpr events::Timestamp earliest{1'420'070'400'000};  // 2015-01-01

  server::ClockGuard::Sample sample(events::Timestamp now) const { return {wall(now), now.value}; }
  void note(server::ClockFault fault);
  bool has_stepped() const;

  Tally& tally_;
  bool plays_ = false;
  bool believes_always_ = false;
  std::int64_t offset_ = 0;
  std::int64_t drift_ = 0;
  server::ClockGuard guard_;
  server::ClockFault fault_ = server::ClockFault::none;
  events::Timestamp now_;  ///< When it was asked last.
  std::optional<std::int64_t> first_offset_;
  std::optional<std::int64_t> vouched_;  ///< The offset that was vouched for.
  std::map<events::Position, bool> was_right_;
  std::map<events::ChainNumber, std::uint64_t> excused_;
};

}  // namespace sim
