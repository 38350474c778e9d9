#pragma once

#include "events/base/time.h"
#include "events/kinds/criteria_events.h"

#include <array>

namespace projections {

/// In the order in which a cycle comes to them.
inline constexpr std::array cycle_phases = {
    events::CyclePhase::registration, events::CyclePhase::self_assessment,
    events::CyclePhase::review,       events::CyclePhase::appraisal,
    events::CyclePhase::decision,     events::CyclePhase::validity,
};

/// When a phase of a cycle is over for good: at midnight in Viet Nam behind its last day, and
/// behind the days of grace where the cycle takes acts in them.  The validity of the titles is over
/// with the calendar year in which the phase of decision ends, and never before that phase is
/// closed.
events::Timestamp closes_at(const events::CycleOpened& cycle, events::CyclePhase phase);

}  // namespace projections
