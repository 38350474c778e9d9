#pragma once

#include "projections/state/state.h"

#include <optional>

namespace projections {

/// A system event that the server must append.  The caller gives it its place in the system chain.
struct FollowUpEvent {
  events::StreamId stream;
  events::Payload payload;
  events::ScopeSet scope;
};

/// The next event that the server must append, by the rules in force, before anything that is
/// received at `now`.  Nothing when no such event is due.  The caller appends the event, received
/// at `now`, applies it to the state and asks again.
///
/// What is owed because of the events just applied comes first: the release, refusal or change of a
/// held event whose cause of waiting has gone, by position.  Behind it comes what is owed because a
/// day came, by the moment at which it became due; at one moment PhaseClosed first, by cycle and
/// phase, then held events by position: a paper that was dated ahead is judged again, and what
/// nobody decided about is refused.
///
/// The function is pure.  An auditor computes the same events, so that the server can neither add
/// one, nor leave one out, nor append one early.
std::optional<FollowUpEvent> next_follow_up(const State& state, events::Timestamp now);

/// The next moment at which the passing of time alone makes an event due, which may be past;
/// nothing when nothing waits for a day.  Kinds of deadlines that come later join here and in
/// next_follow_up().
std::optional<events::Timestamp> next_deadline(const State& state);

/// What of that is owed: the part of the rules, from version 1 on.
std::optional<FollowUpEvent> owed_since_1(const State& state, events::Timestamp now);

}  // namespace projections
