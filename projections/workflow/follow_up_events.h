#pragma once

#include "projections/state.h"

#include <optional>

namespace projections {

/// A system event that the log owes: its header's place in the system chain is left to the caller.
struct FollowUpEvent {
  events::StreamId stream;
  events::Payload payload;
  events::ScopeSet scope;
};

/// The next event that the server must append now because of what was just applied: the release,
/// refusal or change of a held event whose cause disappeared.  Nothing when none is owed.  The
/// caller appends it, applies it and asks again; the order is that of the held positions.
///
/// Pure: an auditor recomputes exactly this list, so none can be added or left out.
std::optional<FollowUpEvent> next_follow_up(const State& state, events::Timestamp received_at);

}  // namespace projections
