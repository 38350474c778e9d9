#include "projections/workflow/judging.h"
#include "projections/workflow/steps.h"

#include <algorithm>
#include <concepts>

namespace projections {
namespace {

/// The unit a grant must cover for this event; none: only a grant for the whole log does.  Nothing
/// when what the event names is not known here: the guards of its kind wait for it or refuse.
std::optional<events::UnitId> unit_acted_in(const Case& event_case) {
  const State& state = event_case.state;
  const Units& units = state.units();
  using Answer = std::optional<events::UnitId>;
  const auto if_known = [&](events::UnitId unit) -> Answer {
    if (unit.is_none() || units.find(unit) != nullptr) return unit;
    return std::nullopt;
  };
  const auto issuer_unit = [&](events::OrganisationId id) -> Answer {
    const Organisation* const issuer = units.find(id);
    return issuer == nullptr ? Answer{} : issuer->unit;
  };
  const auto first_person_unit = [&](const std::vector<events::PersonId>& persons) -> Answer {
    const Person* const person = persons.empty() ? nullptr : state.subjects().find(persons.front());
    return person == nullptr ? Answer{} : person->home_unit;
  };
  return events::match(
      event_case.event.payload, [&](const events::UnitCreated& e) { return if_known(e.parent); },
      [&](const events::UnitRenamed& e) { return if_known(e.unit); },
      [&](const events::UnitClosed& e) { return if_known(e.unit); },
      [&](const events::OrganisationEstablished& e) { return if_known(e.unit); },
      [&](const events::RoleGranted& e) { return if_known(e.unit); },
      [&](const events::RoleRevoked& e) -> Answer {
        const Grant* const grant = state.access().grant(e.grant);
        return grant == nullptr ? Answer{} : grant->unit;
      },
      [&](const events::EnrolmentOffered& e) { return first_person_unit(e.persons); },
      [&](const events::DeviceRevoked& e) -> Answer {
        const Device* const device = state.access().device(e.device);
        return device == nullptr ? Answer{} : first_person_unit(device->persons);
      },
      [&](const events::QuotaRaised& e) -> Answer {
        const Device* const device = state.access().device(e.device);
        return device == nullptr ? Answer{} : first_person_unit(device->persons);
      },
      [&](const events::BranchContinued&) -> Answer {
        // It says nothing about any unit: a role anywhere will do.
        const Grant* const grant = state.access().grant(event_case.header().role_grant);
        return grant == nullptr ? Answer{} : grant->unit;
      },
      [&](const events::PersonIntroduced& e) { return if_known(e.home_unit); },
      [&](const events::CollectiveIntroduced& e) { return if_known(e.home_unit); },
      [&](const events::DossierOpened& e) { return if_known(e.home_unit); },
      [&](const events::ReviewHeld& e) { return if_known(e.unit); },
      [&](const events::ListSubmitted& e) { return issuer_unit(e.issuer); },
      [&](const events::DecisionIssued& e) { return issuer_unit(e.issuer); },
      [](const events::CriteriaPublished&) -> Answer { return events::UnitId{}; },
      [](const events::CycleOpened&) -> Answer { return events::UnitId{}; },
      [&]<class T>(const T&) -> Answer {
        if (event_case.header().stream.kind != events::StreamKind::dossier) return event_case.scope;
        const Dossier* const dossier =
            event_case.dossier(events::DossierId{event_case.header().stream.id});
        if (dossier != nullptr) return dossier->home_unit;
        // Only holds are about dossiers that may never come to be.
        constexpr bool is_hold =
            std::same_as<T, events::HoldReleased> || std::same_as<T, events::HoldRefused>;
        return is_hold ? Answer{event_case.scope} : std::nullopt;
      });
}

/// An offer opens a device to all its people, so the grant must cover each of them.
bool covers_everybody(const Case& event_case, const Grant& grant) {
  const auto* const offer = std::get_if<events::EnrolmentOffered>(&event_case.event.payload);
  if (offer == nullptr) return true;
  return std::ranges::all_of(offer->persons, [&](events::PersonId id) {
    const Person* const person = event_case.state.subjects().find(id);
    return person == nullptr || event_case.state.units().lies_in(person->home_unit, grant.unit);
  });
}

/// Acts that need the role both on the paper's day and when they are received (T17, SC5).
bool needs_authority_now(events::EventType type) {
  return type == events::EventType::decision_issued || type == events::EventType::title_granted;
}

Found no_authority(events::Rule rule, std::int64_t parameter = 0) {
  return hold(events::HoldReason::no_authority, rule, {parameter});
}

}  // namespace

Found check_authority(Case& event_case) {
  if (event_case.on_system_chain()) return std::nullopt;
  const events::EventHeader& header = event_case.header();
  const State& state = event_case.state;

  // First, since it is never waived: a superior vouches for who somebody is, not for what a role
  // may do.
  const Grant* const grant = state.access().grant(header.role_grant);
  const auto type = static_cast<events::EventType>(header.type);
  if (grant != nullptr && (roles_for(type) & bit(grant->role)) == 0) {
    return refuse(events::Rule::a_role, {static_cast<std::int64_t>(grant->role), header.type});
  }
  // Nobody can vouch for a right that was never given to this person.
  if (event_case.waive_holds && (grant == nullptr || grant->person != header.actor)) {
    return refuse(events::Rule::a_grant);
  }
  const Device* const device = state.access().device_of(header.chain);
  // What came before the revocation keeps the reason it had.
  const bool came_too_late =
      device != nullptr && device->revoked && device->revoked_at < event_case.arrival.position;
  if (came_too_late) {
    return hold(events::HoldReason::device_revoked, events::Rule::a_actor,
                {static_cast<std::int64_t>(device->revoked_at.value)});
  }
  if (device == nullptr || device->revoked ||
      std::ranges::find(device->persons, header.actor) == device->persons.end()) {
    return no_authority(events::Rule::a_actor);
  }
  if (grant == nullptr) {
    const Found held = event_case.needs(nullptr, header.role_grant.event);
    if (held->code == events::VerdictCode::held) return held;
    return no_authority(events::Rule::a_grant);
  }
  if (grant->person != header.actor) return no_authority(events::Rule::a_grant);

  if (!grant->is_valid_on(header.business_day)) return no_authority(events::Rule::a_grant);
  const bool valid_now = grant->is_valid_on(event_case.received_day());
  if (!valid_now && needs_authority_now(type)) return no_authority(events::Rule::a_grant);
  const std::optional<events::UnitId> unit = unit_acted_in(event_case);
  const bool covered = !unit || state.units().lies_in(*unit, grant->unit);
  if (!covered || !covers_everybody(event_case, *grant)) {
    return no_authority(events::Rule::a_unit);
  }
  if (grant->revoked_from && !valid_now) event_case.flags |= events::flag_role_revoked_since;
  return std::nullopt;
}

}  // namespace projections
