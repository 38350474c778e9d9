#pragma once

#include "projections/state/state.h"

namespace projections {

/// Where a dossier counts in figures that are rebased to a day (domain.md U6).
struct RebasedHome {
  /// The commune that has its home on that day.  Where nobody can say which one it is: the last
  /// unit that is known, which has ended or only holds hamlets.
  events::UnitId commune;
  bool is_allocated = false;
};

/// Follows the changes of units: a hamlet lies where decrees put it; a home in a commune without a
/// hamlet goes to the heir of a commune that was merged, and to nobody when it was split.
RebasedHome rebased_home(const Dossier& dossier, const Units& units, events::Day day);

/// Whether rebased figures of that day can stand under `commune`: it has not ended, and is not a
/// unit that only holds hamlets.
bool is_a_place(const Units& units, events::UnitId commune, events::Day day);

}  // namespace projections
