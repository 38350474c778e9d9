#pragma once

#include "projections/state.h"

namespace projections {

/// The version of the rules this build judges by.
inline constexpr events::RulesVersion current_rules{1};

struct Judgement {
  events::Verdict verdict;
  events::ScopeSet scope;  ///< Who must see the event, whatever the verdict.
};

/// What is known of an event's arrival.
struct Arrival {
  events::Position position;      ///< Where it will stand; on a device a provisional one.
  events::Timestamp received_at;  ///< Server clock; on a device its own clock.
  events::Intake intake;
};

/// Judges an event against the log so far.  Pure: equal arguments, equal answer, on the server, on
/// the device, in the audit years later.
///
/// Looks only at reference scope and at the event's own scope, so that a device that holds only
/// its commune comes to the same verdict.
Judgement judge(const events::Event& event, const Arrival& arrival, const State& state);

/// Judges a held event again, now.  `waive_holds`: a person decided that what made it wait does not
/// matter; then it is accepted or refused, never held.
events::Verdict judge_again(const HeldEvent& held, const State& state,
                            events::Timestamp received_at, bool waive_holds);

/// The same for somebody who holds `releaser`: waived is only what this role may release; held
/// means that the event waits for something else as well, which this role may not decide.
events::Verdict judge_release(const HeldEvent& held, const State& state, events::Role releaser);

/// The scope set of an event, from what it names and whose it is.  Never empty.
events::ScopeSet scope_of(const events::Event& event, const State& state);

}  // namespace projections
