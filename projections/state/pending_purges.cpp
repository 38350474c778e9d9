#include "projections/state/pending_purges.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace projections {

bool owes_purge(const State& state, const Device& device, events::Day today) {
  if (device.revoked) return device.purged_as_of < device.revoked_at;
  const auto is_here = [&](events::PersonId person) {
    return events::ranges::find(device.persons, person) != device.persons.end();
  };
  const UnitsOnDay units = state.units().on(today);
  // Another role of the same people may still cover the place.
  const auto is_covered = [&](events::UnitId unit) {
    return events::ranges::any_of(state.access().grants(), [&](const Grant& grant) {
      return is_here(grant.person) && is_in_force(grant, units) &&
             (grant.unit.is_none() || units.lies_in(unit, grant.unit) ||
              (!units.commune_of(unit).is_none() &&
               units.commune_of(unit) == units.commune_of(grant.unit)));
    });
  };
  return events::ranges::any_of(state.access().grants(), [&](const Grant& grant) {
    return is_here(grant.person) && grant.revoked_from && !grant.is_valid_on(today) &&
           grant.revoked_at > device.purged_as_of && grant.revoked_at > device.enrolled_position &&
           !is_covered(grant.unit);
  });
}

}  // namespace projections
