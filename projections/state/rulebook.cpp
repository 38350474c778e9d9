#include "projections/state/rulebook.h"

#include "events/base/ranges.h"

#include <algorithm>

namespace projections {

const events::GroupVariant* Criteria::variant_of(events::GroupCode group) const {
  const auto found = events::ranges::find(content.groups, group, &events::GroupVariant::group);
  return found == content.groups.end() ? nullptr : &*found;
}

void Rulebook::apply(const EffectiveEvent& effective) {
  const events::EventId id = effective.event.id();
  events::match(
      effective.event.payload, [&](const events::RulesAdopted& e) { rules_ = e.rules; },
      [&](const events::LogRestored& e) { repaired_to_ = e.repaired; },
      [&](const events::CriteriaPublished& e) {
        criteria_.insert({events::CriteriaId{id}, e});
      },
      [&](const events::CycleOpened& e) {
        cycles_.insert({events::CycleId{id}, e});
      },
      [](const auto&) { /* No other event moves the rules. */ });
}

std::uint32_t Rulebook::latest_version(const std::string& code) const {
  std::uint32_t latest = 0;
  for (const Criteria& criteria : criteria_) {
    if (criteria.content.code == code) latest = std::max(latest, criteria.content.version);
  }
  return latest;
}

}  // namespace projections
