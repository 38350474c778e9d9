#include "tests/rules_2/rules_2.h"

#include "events/base/check.h"

#include <algorithm>
#include <array>
#include <vector>

namespace projections {
namespace {

using events::RulesVersion;

std::vector<Step> steps_of_both() {
  std::vector<Step> steps(step_rows().begin(), step_rows().end());
  const auto withdrawn = std::find_if(steps.begin(), steps.end(), [](const Step& step) {
    return step.type == events::EventType::dossier_withdrawn;
  });
  CHECK(withdrawn != steps.end(), "dossiers can be withdrawn");
  Step later = *withdrawn;
  withdrawn->in_force = until(1);
  later.from |= bit(events::DossierState::appraised);
  later.in_force = since(2);
  steps.push_back(later);
  return steps;
}

/// The guard of sheets as it is in version 1.
MaybeViolation check_sheet_until_1(JudgingContext& context) {
  static const auto check = [] {
    const std::span<const KindGuard> guards = dossier_guards();
    return std::find_if(guards.begin(), guards.end(),
                        [](const KindGuard& guard) {
                          return guard.type == events::EventType::self_assessment_recorded;
                        })
        ->check;
  }();
  return check(context);
}

MaybeViolation check_sheet(JudgingContext& context) {
  if (MaybeViolation found = check_sheet_until_1(context); context.stops(found)) return found;
  const auto& sheet = std::get<events::SelfAssessmentRecorded>(context.event.payload);
  const Dossier* const dossier = context.dossier(events::DossierId{context.header().stream.id});
  if (dossier == nullptr || dossier->evidence_count > 0) return std::nullopt;
  if (sheet.total_tenths >= rules_2::total_without_evidence) return std::nullopt;
  return refuse(events::Rule::v12_total, {sheet.total_tenths, rules_2::total_without_evidence});
}

std::vector<KindGuard> guards_of_both() {
  std::vector<KindGuard> guards = kind_guards();
  for (KindGuard& guard : guards) {
    if (guard.type == events::EventType::self_assessment_recorded) guard.in_force = until(1);
  }
  guards.push_back({events::EventType::self_assessment_recorded, check_sheet, since(2)});
  return guards;
}

Placement place_event_since_2(const events::Event& event, const State& state,
                              const Policy& policy) {
  Placement placement = place_event(event, state, policy);
  const auto* const collective = std::get_if<events::CollectiveIntroduced>(&event.payload);
  const bool is_everybodys_now = collective != nullptr && policy.knows(event) &&
                                 collective->head.is_none() && !placement.is_foreign;
  if (is_everybodys_now) placement.scope = events::ScopeSet{events::reference_scope};
  return placement;
}

}  // namespace

std::span<const Policy> known_policies() {
  static const std::vector<Step> steps = steps_of_both();
  static const std::array known{
      Policy(RulesVersion{1}, steps, kind_rows(), roles_to_release),
      Policy(RulesVersion{2}, steps, kind_rows(), roles_to_release),
  };
  return known;
}

std::span<const Rules> known_rules() {
  static const std::vector<KindGuard> kinds = guards_of_both();
  static const std::array known{
      Rules(known_policies()[0], {general_guards(), kinds, place_event, owed_since_1}),
      Rules(known_policies()[1], {general_guards(), kinds, place_event_since_2, owed_since_1}),
  };
  return known;
}

}  // namespace projections
