#include "projections/policy/interference.h"

#include "projections/policy/kind_policy.h"

namespace projections {

Interference interference_of(events::EventType type) {
  const KindPolicy* const policy = policy_of(type);
  return policy == nullptr ? Interference::none : policy->interference;
}

bool is_guarded(events::EventType type) {
  // An opening has no stream before it; rule V23 looks after two of them.
  return interference_of(type) == Interference::changes &&
         type != events::EventType::dossier_opened;
}

}  // namespace projections
