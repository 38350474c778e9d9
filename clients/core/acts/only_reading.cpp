#include "clients/core/acts/only_reading.h"

#include "events/base/ranges.h"
#include "projections/state/state.h"

namespace clients::acts {

bool only_read(const projections::State& state, std::span<const events::PersonId> persons) {
  projections::RoleSet held = 0;
  for (const projections::Grant& grant : state.access().grants()) {
    const bool is_theirs = events::ranges::find(persons, grant.person) != persons.end();
    if (is_theirs && !grant.revoked_from) held |= projections::bit(grant.role);
  }
  for (const projections::Step& step : state.rulebook().policy().steps()) {
    if ((step.roles & held) != 0) return false;
  }
  return held != 0;
}

}  // namespace clients::acts
