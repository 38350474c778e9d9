#include "projections/workflow/judging.h"
#include "projections/workflow/rule_causes.h"

// Guards of people and collectives.

namespace projections {
namespace {

/// The home unit is known, at or below commune level unless `above` is allowed, and open (V04).
Found check_home(const Case& event_case, events::UnitId home) {
  const Unit* const unit = event_case.state.units().find(home);
  if (Found found = event_case.needs(unit, home.event)) return found;
  return check_unit_open(event_case, *unit);
}

Found check_content(Case& event_case) {
  const std::uint8_t content = event_case.arrival.intake.content;
  if ((content & events::content_checked) == 0) return refuse(events::Rule::v01_name);
  if ((content & events::content_name_invalid) != 0) return refuse(events::Rule::v01_name);
  if ((content & events::content_birth_invalid) != 0) return refuse(events::Rule::v02_birth_date);
  if ((content & events::content_id_number_doubtful) != 0) {
    event_case.flags |= events::flag_id_number_doubtful;
    event_case.flag_rule = events::Rule::v20_id_number;
  }
  return std::nullopt;
}

Found check(Case& event_case, const events::PersonIntroduced& e) {
  if (static_cast<int>(e.gender) > 2 || static_cast<int>(e.age_band) > 7) {
    return refuse(events::Rule::o_value, {parameter(events::RuleCause::field_gender_or_age)});
  }
  if (event_case.on_system_chain()) return std::nullopt;  // The founding administrator.
  if (Found found = check_home(event_case, e.home_unit)) return found;
  if (!e.household.is_none()) {
    if (Found found = event_case.needs(event_case.collective(e.household), e.household.event)) {
      return found;
    }
  }
  return check_content(event_case);
}

Found check(Case& event_case, const events::CollectiveIntroduced& e) {
  const auto kind = static_cast<int>(e.kind);
  if (kind < 1 || kind > 4) {
    return refuse(events::Rule::o_value, {parameter(events::RuleCause::field_collective_kind)});
  }
  if (Found found = check_home(event_case, e.home_unit)) return found;
  if (!e.head.is_none()) {
    if (Found found = event_case.needs(event_case.person(e.head), e.head.event)) return found;
  }
  return check_content(event_case);
}

}  // namespace

Found check_subject_event(Case& event_case) {
  return events::match(
      event_case.event.payload,
      [&](const events::PersonIntroduced& e) { return check(event_case, e); },
      [&](const events::CollectiveIntroduced& e) { return check(event_case, e); },
      [](const auto&) -> Found { return std::nullopt; });
}

}  // namespace projections
