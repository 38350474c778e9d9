#pragma once

#include "projections/state/state.h"

namespace projections {

struct Judgement {
  events::Verdict verdict;
  events::ScopeSet scope;  ///< The communes that must see the event, whatever the verdict.
};

/// How an event arrived: what the log adds to what the author signed.
struct Arrival {
  events::Position position;      ///< Its place in the log; on a device a provisional place.
  events::Timestamp received_at;  ///< Server clock; on a device the clock of the device.
  events::Intake intake;
};

/// Judges an event against the log so far, by the rules that are in force there (rules.h).  The
/// function is pure: equal arguments give an equal
/// answer on the server, on the device and in an audit years later.
///
/// It looks only at reference scope and at the event's own scope.  A device that holds only its own
/// commune therefore reaches the same verdict as the server.
Judgement judge(const events::Event& event, const Arrival& arrival, const State& state);

/// Judges a held event again.  Facts and rules are those of `state`; deadlines and authority stay
/// those of the day on which the event was received.
///
/// `waive_holds`: a person decided that the cause of waiting does not matter.  The verdict is then
/// accepted or refused, never held.
/// `now`: the time of receipt of the event that will carry the verdict.  A paper that was dated
/// ahead is not any more when its day has come.
events::Verdict judge_again(const HeldEvent& held, const State& state, bool waive_holds,
                            events::Timestamp now);

/// Judges a held event again for a person who acts in the role `releaser`.  Only holds that this
/// role may release are waived, see `roles_to_release`.  The verdict is held when the event also
/// waits for a reason that this role may not decide.
events::Verdict judge_release(const HeldEvent& held, const State& state, events::Role releaser,
                              events::Timestamp now);

/// The scope set of an event.  It follows from the things that the event names and from the roles
/// of its author, see `placement_of`.  It is never empty.
events::ScopeSet scope_of(const events::Event& event, const State& state);

}  // namespace projections
