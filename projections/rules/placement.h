#pragma once

#include "projections/policy/policy.h"
#include "projections/state/sight.h"
#include "projections/state/state.h"

namespace projections {

/// Whether things of this kind are everybody's: units, organisations, criteria, cycles, access.
bool is_everybodys(events::StreamKind kind);

/// Where an event stands in the log.
struct Placement {
  events::ScopeSet scope;   ///< Never empty.
  bool is_foreign = false;  ///< It names a unit of a commune in which its device has nothing to do.
  /// The commune in which its author acts, as it is on the day of the paper; none above communes.
  /// A dossier of a commune that was merged stays in that commune's scope, and its people act in
  /// the new one.
  events::UnitId acted_in;
};

/// An event stands in the commune of the thing it is about, and everybody's things in reference
/// scope.  So that nobody fills the log of strangers, this holds only where some role of the
/// device's people, present or past, reaches; everything else stays in its author's own commune:
/// what names a foreign commune or a thing that nobody knows, and kinds that nobody knows.
///
/// Units lie where they lie on the day of the event's paper, which its author signed: the device
/// that cuts its blocks by scope and the server find the same, whenever the event arrives.
///
/// Looks at reference scope, and at dossiers only to find where they stand.  So it is from version
/// 1 of the rules on; whoever needs the placement of an event asks Rules::placement_of().
Placement place_event(const events::Event& event, const State& state, const Policy& policy);

/// What an event that stands there is judged by.
Sight sight_of(const Placement& placement, events::Day business_day, const State& state);

}  // namespace projections
