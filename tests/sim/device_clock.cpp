#include "tests/sim/device.h"
#include "tests/sim/violation.h"

#include <algorithm>

// What a wrong clock of the server may not do to a device.

namespace sim {

using events::Timestamp;
using events::UnitId;

namespace {

/// An act on the last day of a phase is held when nobody can say on which side of midnight it was.
constexpr std::uint64_t midnight_margin = 600'000;

bool is_near_midnight(Timestamp moment) {
  return events::day_in_vietnam(Timestamp{moment.value - midnight_margin}) !=
         events::day_in_vietnam(Timestamp{moment.value + midnight_margin});
}

}  // namespace

Device::Holdings Device::holdings() const {
  if (!replica_) return {};
  return {replica_->pull().scope, *store_.private_homes()};
}

void Device::check_losses(const Holdings& before, std::uint64_t session, Timestamp now) const {
  const std::set<UnitId>& withheld = host_.withheld(session);
  if (withheld.empty() || !replica_) return;
  // Its own clock is as wrong: it has no way to know better.
  if (host_.clock().agrees_with(clock(now), now)) return;
  const Holdings after = holdings();
  for (const UnitId unit : withheld) {
    const events::ScopeSet scope{unit};
    require(!before.scope.includes(scope) || after.scope.includes(scope), Promise::right_time,
            [&] { return name_ + " lost a commune's events to a time for which nobody vouched"; });
    const bool had_names = std::ranges::count(before.homes, unit) != 0;
    require(!had_names || std::ranges::count(after.homes, unit) != 0, Promise::right_time,
            [&] { return name_ + " lost a commune's names to a time for which nobody vouched"; });
  }
}

void Device::check_clock_holds() const {
  if (!host_.clock().plays() || !replica_ || !clock_was_always_sane_ || may_fork_) return;
  const events::ChainNumber chain = replica_->identity().chain;
  const std::uint64_t head = host_.log().chain_head(chain)->seq;
  for (std::uint64_t seq = 1; seq <= head;) {
    const auto block = *events::decode_stored_block(**host_.log().block_of(chain, seq));
    for (const events::StoredEvent& stored : *events::stored_events(block)) {
      const events::Verdict& verdict = stored.verdict;
      const bool is_held =
          verdict.code == events::VerdictCode::held && verdict.hold == events::HoldReason::clock;
      const bool is_asked = host_.clock().was_right_at(stored.position) &&
                            !host_.clock().is_excused(chain, stored.event.header.seq) &&
                            !is_near_midnight(stored.event.header.recorded_at);
      require(!is_held || !is_asked, Promise::right_time, [&] {
        return "event " + to_string(stored.event.id()) + " of " + name_ + " at position " +
               std::to_string(stored.position.value) + " is held for a clock, and all were right";
      });
    }
    seq = block.last_seq() + 1;
  }
}

}  // namespace sim
