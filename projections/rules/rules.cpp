#include "projections/rules/rules.h"

#include "events/base/check.h"

#include <algorithm>
#include <iterator>

namespace projections {

Rules::Rules(const Policy& policy, const Parts& parts)
    : policy_(policy), placement_(parts.placement), follow_up_(parts.follow_up) {
  std::copy_if(parts.general.begin(), parts.general.end(), std::back_inserter(general_),
               [&](const GeneralGuard& guard) { return guard.in_force.contain(version()); });
  for (const KindGuard& guard : parts.kinds) {
    if (!guard.in_force.contain(version())) continue;
    std::optional<KindGuard>& place = by_kind_[static_cast<std::size_t>(guard.type)];
    CHECK(!place, "of the guards of a kind, one is in force in a version");
    place = guard;
  }
}

const KindGuard* Rules::guard_of(events::EventType type) const {
  const auto number = static_cast<std::size_t>(type);
  if (number >= by_kind_.size() || !by_kind_[number]) return nullptr;
  return &*by_kind_[number];
}

std::vector<KindGuard> kind_guards() {
  std::vector<KindGuard> all;
  for (const auto& family :
       {reference_guards(), subject_guards(), dossier_guards(), document_guards()}) {
    all.insert(all.end(), family.begin(), family.end());
  }
  return all;
}

const Rules& rules_of(events::RulesVersion version) {
  const std::span<const Rules> known = known_rules();
  CHECK(version.value >= 1, "rules are numbered from 1");
  return known[std::min<std::size_t>(version.value, known.size()) - 1];
}

const Rules& rules_in_force(const State& state) {
  return rules_of(state.rulebook().policy().version());
}

}  // namespace projections
