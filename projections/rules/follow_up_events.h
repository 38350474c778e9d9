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

/// The next event that the server must append because of the events just applied: the release,
/// refusal or change of a held event whose cause of waiting has gone.  Nothing when no such event
/// is due.  The caller appends the event, applies it to the state and asks again.  Held events come
/// in the order of their positions.
///
/// The function is pure.  An auditor computes the same events, so that the server can neither add
/// one nor leave one out.
std::optional<FollowUpEvent> next_follow_up(const State& state);

}  // namespace projections
