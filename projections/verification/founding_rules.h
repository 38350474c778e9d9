#pragma once

#include "events/log/stored_event.h"
#include "projections/state/state.h"

#include <optional>
#include <string>

namespace verification {

/// Whether a system event that nothing owed may stand where it stands: the founding events, a
/// switch of rules, an enrolment that meets its offer, a correction of the clock.  `state` is
/// before the event, `received_at` the time of receipt of the last one.  Returns what is wrong;
/// nothing when it may.
std::optional<std::string> find_unfounded(const events::StoredEvent& stored,
                                          const projections::State& state,
                                          events::Timestamp received_at);

}  // namespace verification
