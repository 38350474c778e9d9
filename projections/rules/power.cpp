#include "projections/rules/power.h"

#include "events/base/ranges.h"

#include <algorithm>
#include <span>
#include <vector>

namespace projections {
namespace {

using events::PersonId;
using events::PowerFault;
using events::Role;
using events::UnitId;
using Refusal = std::optional<PowerRefusal>;

bool is_on(const Device* device, PersonId person) {
  return device != nullptr &&
         events::ranges::find(device->persons, person) != device->persons.end();
}

/// Why `own` does not cover the role in the unit; nothing when it does.
Refusal refusal_to_cover(const UnitsOnDay& units, const Grant& own, Role role, UnitId unit) {
  if (!units.lies_in(unit, own.unit)) return PowerRefusal{PowerFault::not_covering, role};
  if (!covers(units, own, role, unit)) return PowerRefusal{PowerFault::above_own, role};
  return std::nullopt;
}

/// In the whole log there is nobody above, so that a registrar makes another, for no longer.
bool may_make_an_equal(const Grant& own, const events::RoleGranted& e) {
  if (!own.unit.is_none() || !e.unit.is_none() || own.role != e.role) return false;
  const std::optional<events::Day> end = own.end();
  return !end || (e.valid_to.value != 0 && e.valid_to <= *end);
}

Refusal refusal(const State& state, const events::RoleGranted& e, const Actor& by,
                events::Day today) {
  if (e.person == by.person || is_on(by.device, e.person)) {
    return PowerRefusal{PowerFault::for_oneself, e.role};
  }
  if (!e.unit.is_none() && state.units().find(e.unit) == nullptr) return std::nullopt;
  const UnitsOnDay units = state.units().on(today);
  if (!units.lies_in(e.unit, by.grant.unit)) return PowerRefusal{PowerFault::not_covering, e.role};
  const bool is_below = e.unit != by.grant.unit || level_of(e.role) < level_of(by.grant.role);
  if (is_below || may_make_an_equal(by.grant, e)) return std::nullopt;
  return PowerRefusal{PowerFault::above_own, e.role};
}

Refusal refusal(const State& state, const events::RoleRevoked& e, const Actor& by,
                events::Day today) {
  const Grant* const taken = state.access().grant(e.grant);
  // Whoever lays a role down asks nobody.
  if (taken == nullptr || taken->person == by.person) return std::nullopt;
  return refusal_to_cover(state.units().on(today), by.grant, taken->role, taken->unit);
}

/// For acts on a device: everything that its people may do, now or later, has to be covered.  Who
/// holds no role counts where they live.
Refusal refusal_about(const State& state, std::span<const PersonId> persons, const Actor& by,
                      events::Day today) {
  const UnitsOnDay units = state.units().on(today);
  std::vector<PersonId> without_role(persons.begin(), persons.end());
  for (const Grant& grant : state.access().grants()) {
    if (grant.is_over_on(today) || events::ranges::find(persons, grant.person) == persons.end()) {
      continue;
    }
    std::erase(without_role, grant.person);
    const Refusal refused = refusal_to_cover(units, by.grant, grant.role, grant.unit);
    if (refused) return refused;
  }
  for (const PersonId id : without_role) {
    const Person* const person = state.subjects().find(id);
    if (person != nullptr && !units.lies_in(person->home_unit, by.grant.unit)) {
      return PowerRefusal{PowerFault::not_covering, Role{}};
    }
  }
  return std::nullopt;
}

Refusal refusal_about(const State& state, events::DeviceId id, const Actor& by, events::Day today) {
  const Device* const device = state.access().device(id);
  if (device == nullptr) return std::nullopt;
  return refusal_about(state, device->persons, by, today);
}

Refusal refusal(const State& state, const events::QuotaRaised& e, const Actor& by,
                events::Day today) {
  const Access& access = state.access();
  const Device* const device = access.device(e.device);
  // In the whole log there is nobody above who could raise it.
  const bool is_own = device != nullptr && by.device != nullptr &&
                      access.family_of(device->chain) == access.family_of(by.device->chain);
  if ((is_own || is_on(device, by.person)) && !by.grant.unit.is_none()) {
    return PowerRefusal{PowerFault::for_oneself, by.grant.role};
  }
  return refusal_about(state, e.device, by, today);
}

}  // namespace

bool moves_power(events::EventType type) {
  using enum events::EventType;
  switch (type) {
    case unit_created:
    case unit_renamed:
    case unit_closed:
    case units_changed:
    case organisation_established:
    case criteria_published:
    case cycle_opened:
    case role_granted:
    case role_revoked:
    case enrolment_offered:
    case device_revoked:
    case quota_raised:
      return true;
    default:
      return false;
  }
}

bool needs_authority_now(events::EventType type) {
  using enum events::EventType;
  switch (type) {
    case decision_issued:
    case title_granted:
    case hold_released:
    case hold_refused:
      return true;
    default:
      return moves_power(type);
  }
}

std::uint8_t level_of(Role role) {
  switch (role) {
    case Role::registrar:
      return 3;
    case Role::central_assoc:
    case Role::auditor:
      return 2;
    case Role::province_assoc:
    case Role::district_assoc:
    case Role::device_admin:
      return 1;
    case Role::proxy_entrant:
    case Role::branch_head:
    case Role::hamlet_head:
    case Role::unit_board:
    case Role::clan_board:
    case Role::commune_clerk:
    case Role::commune_assoc_chair:
    case Role::appraiser:
    case Role::signer:
      return 0;
  }
  return 0;
}

bool covers(const UnitsOnDay& units, const Grant& own, Role role, UnitId unit) {
  if (!units.lies_in(unit, own.unit)) return false;
  return unit != own.unit || level_of(role) <= level_of(own.role);
}

std::optional<PowerRefusal> power_refusal(const State& state, const events::Payload& payload,
                                          const Actor& by, events::Day today) {
  return events::match(
      payload, [&](const events::RoleGranted& e) { return refusal(state, e, by, today); },
      [&](const events::RoleRevoked& e) { return refusal(state, e, by, today); },
      [&](const events::EnrolmentOffered& e) { return refusal_about(state, e.persons, by, today); },
      [&](const events::DeviceRevoked& e) { return refusal_about(state, e.device, by, today); },
      [&](const events::QuotaRaised& e) { return refusal(state, e, by, today); },
      [](const auto&) -> Refusal { return std::nullopt; });
}

bool stands(const State& state, const Offer& offer, events::Day today) {
  const Grant* const grant = state.access().grant(offer.grant);
  const Device* const device = state.access().device_of(offer.chain);
  if (grant == nullptr || !is_in_force(*grant, state.units().on(today))) return false;
  if (device == nullptr || device->revoked) return false;
  const Actor by{grant->person, *grant, device};
  return !refusal_about(state, offer.persons, by, today);
}

}  // namespace projections
