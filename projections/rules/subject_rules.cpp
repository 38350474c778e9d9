#include "projections/criteria/rule_causes.h"
#include "projections/rules/rules.h"

// Guards of people and collectives.

namespace projections {
namespace {

/// The home unit is known, at or below commune level unless `above` is allowed, and open (V04).
MaybeViolation check_home(const JudgingContext& context, events::UnitId home) {
  const Unit* const unit = context.state.units().find(home);
  if (MaybeViolation found = context.needs(unit, home.event)) return found;
  return check_unit_open(context, *unit);
}

MaybeViolation check_content(JudgingContext& context) {
  const std::uint8_t content = context.arrival.intake.content;
  if ((content & events::content_checked) == 0) return refuse(events::Rule::v01_name);
  if ((content & events::content_name_invalid) != 0) return refuse(events::Rule::v01_name);
  if ((content & events::content_birth_invalid) != 0) return refuse(events::Rule::v02_birth_date);
  if ((content & events::content_id_number_doubtful) != 0) {
    context.flags |= events::flag_id_number_doubtful;
    context.flag_rule = events::Rule::v20_id_number;
  }
  return std::nullopt;
}

MaybeViolation check(JudgingContext& context, const events::PersonIntroduced& e) {
  if (!is_known(e.gender) || !is_known(e.age_band)) {
    return refuse(events::Rule::o_value, {parameter(events::RuleCause::field_gender_or_age)});
  }
  if (context.on_system_chain()) return std::nullopt;  // The founding administrator.
  if (MaybeViolation found = check_home(context, e.home_unit)) return found;
  if (!e.household.is_none()) {
    if (MaybeViolation found = context.needs(context.collective(e.household), e.household.event)) {
      return found;
    }
  }
  return check_content(context);
}

MaybeViolation check(JudgingContext& context, const events::CollectiveIntroduced& e) {
  if (!is_known(e.kind)) {
    return refuse(events::Rule::o_value, {parameter(events::RuleCause::field_collective_kind)});
  }
  if (MaybeViolation found = check_home(context, e.home_unit)) return found;
  if (!e.head.is_none()) {
    if (MaybeViolation found = context.needs(context.person(e.head), e.head.event)) return found;
  }
  return check_content(context);
}

}  // namespace

std::span<const KindGuard> subject_guards() {
  static constexpr std::array guards = {
      guard_of<events::PersonIntroduced, check>(),
      guard_of<events::CollectiveIntroduced, check>(),
  };
  return guards;
}

}  // namespace projections
