#include "projections/policy/policy.h"

#include "events/base/check.h"

#include <algorithm>

namespace projections {

using events::EventType;

Policy::Policy(events::RulesVersion version, std::span<const Step> steps,
               std::span<const KindPolicy> kinds, ReleaseRoles release_roles)
    : version_(version), release_roles_(release_roles) {
  std::copy_if(steps.begin(), steps.end(), std::back_inserter(steps_),
               [&](const Step& step) { return step.in_force.contain(version); });
  std::copy_if(kinds.begin(), kinds.end(), std::back_inserter(kinds_),
               [&](const KindPolicy& row) { return row.in_force.contain(version); });
  for (std::size_t row = 0; row < kinds_.size(); ++row) {
    row_of_.at(static_cast<std::size_t>(kinds_[row].type)) = static_cast<std::uint8_t>(row + 1);
  }
}

const Step* Policy::find_step(EventType type, events::DossierState state) const {
  for (const Step& step : steps_) {
    if (step.type == type && (step.from & bit(state)) != 0) return &step;
  }
  return nullptr;
}

const KindPolicy* Policy::kind(EventType type) const {
  const auto number = static_cast<std::size_t>(type);
  const std::uint8_t row = number < row_of_.size() ? row_of_[number] : 0;
  return row == 0 ? nullptr : &kinds_[row - 1];
}

bool Policy::knows(const events::Event& event) const {
  const KindPolicy* const row = kind(static_cast<EventType>(event.header.type));
  return row != nullptr && event.header.schema <= row->schema && events::is_whole(event);
}

Interference Policy::interference_of(EventType type) const {
  const KindPolicy* const row = kind(type);
  return row == nullptr ? Interference::none : row->interference;
}

bool Policy::is_guarded(EventType type) const {
  // An opening has no stream before it; rule V23 looks after two of them.
  return interference_of(type) == Interference::changes && type != EventType::dossier_opened;
}

RoleSet Policy::roles_for(EventType type) const {
  RoleSet roles = 0;
  for (const Step& step : steps_) {
    if (step.type == type) roles |= step.roles;
  }
  const KindPolicy* const row = kind(type);
  return row == nullptr ? roles : roles | row->roles;
}

events::RulesVersion newest_rules() { return newest_policy().version(); }
const Policy& newest_policy() { return known_policies().back(); }

const Policy& policy_of(events::RulesVersion version) {
  const std::span<const Policy> known = known_policies();
  CHECK(version.value >= 1, "rules are numbered from 1");
  return known[std::min<std::size_t>(version.value, known.size()) - 1];
}

std::vector<std::uint16_t> moved_otherwise(const Policy& before, const Policy& after) {
  const auto moves_equally = [&](EventType type) {
    if (before.interference_of(type) != after.interference_of(type)) return false;
    for (unsigned state = 0; state < 32; ++state) {
      const auto from = static_cast<events::DossierState>(state);
      const Step* const then = before.find_step(type, from);
      const Step* const now = after.find_step(type, from);
      if ((then == nullptr) != (now == nullptr)) return false;
      if (then != nullptr && then->to != now->to) return false;
    }
    return true;
  };
  std::vector<std::uint16_t> kinds;
  for (std::uint16_t number = 1; number < events::type_limit; ++number) {
    const auto type = static_cast<EventType>(number);
    if (before.kind(type) == nullptr || after.kind(type) == nullptr) continue;
    if (!moves_equally(type)) kinds.push_back(number);
  }
  return kinds;
}

}  // namespace projections
