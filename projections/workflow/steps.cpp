#include "projections/workflow/steps.h"

#include <array>

namespace projections {
namespace {

using enum events::DossierState;
using events::EventType;
using events::Role;
using Cycle = events::CycleOpened;

constexpr RoleSet entrants =
    any_of(Role::proxy_entrant, Role::branch_head, Role::unit_board, Role::clan_board);
constexpr RoleSet heads = any_of(Role::branch_head, Role::unit_board, Role::clan_board);
constexpr RoleSet superiors =
    any_of(Role::district_assoc, Role::province_assoc, Role::central_assoc, Role::registrar);

constexpr StateSet before_decision = any_of(draft, events::DossierState::registered, accepted,
                                            self_assessed, reviewed, submitted, returned);
constexpr StateSet any_state =
    before_decision | any_of(appraised, recognized, not_recognized, withdrawn);

constexpr std::array steps = {
    Step{"T01", EventType::dossier_opened, bit(none), entrants, draft, &Cycle::registration},
    Step{"T02", EventType::dossier_registered, bit(draft), entrants,
         events::DossierState::registered, &Cycle::registration},
    Step{"T03", EventType::registration_accepted, bit(events::DossierState::registered), heads,
         accepted, nullptr},
    Step{"T04", EventType::dossier_returned, bit(events::DossierState::registered),
         any_of(Role::branch_head, Role::commune_clerk), returned, nullptr},
    Step{"T05", EventType::dossier_resubmitted, bit(returned), entrants, none, nullptr},
    Step{"T06", EventType::self_assessment_recorded, bit(accepted), entrants, self_assessed,
         &Cycle::self_assessment},
    // A new sheet while no review was held; the log keeps the one before.
    Step{"T07", EventType::self_assessment_recorded, bit(self_assessed), entrants, self_assessed,
         &Cycle::self_assessment},
    Step{"T08", EventType::evidence_sighted, any_state, entrants, none, nullptr},
    Step{"T08", EventType::evidence_attached, any_state, entrants, none, nullptr},
    Step{"T09", EventType::dossier_reviewed, bit(self_assessed), heads, reviewed, &Cycle::review},
    Step{"T10", EventType::dossier_not_recognized, bit(reviewed), bit(Role::commune_assoc_chair),
         not_recognized, nullptr},
    Step{"T12", EventType::dossier_submitted, bit(reviewed), bit(Role::commune_assoc_chair),
         submitted, nullptr},
    Step{"T13", EventType::dossier_returned, bit(submitted),
         any_of(Role::appraiser, Role::commune_clerk), returned, nullptr},
    Step{"T14", EventType::dossier_appraised, bit(submitted), bit(Role::appraiser), appraised,
         &Cycle::appraisal},
    Step{"T17", EventType::title_granted, bit(appraised), bit(Role::signer), recognized,
         &Cycle::decision},
    Step{"T18", EventType::dossier_not_recognized, bit(appraised),
         any_of(Role::signer, Role::commune_assoc_chair), not_recognized, nullptr},
    Step{"T28", EventType::dossier_withdrawn, before_decision, entrants, withdrawn, nullptr},
};

/// Events outside the dossier's own table.
struct Act {
  EventType type;
  RoleSet roles;
};
constexpr RoleSet any_role = ~RoleSet{0};
constexpr std::array acts = {
    Act{EventType::unit_created, bit(Role::registrar)},
    Act{EventType::unit_renamed, bit(Role::registrar)},
    Act{EventType::unit_closed, bit(Role::registrar)},
    Act{EventType::organisation_established, bit(Role::registrar)},
    Act{EventType::criteria_published, any_of(Role::registrar, Role::central_assoc)},
    Act{EventType::cycle_opened, any_of(Role::registrar, Role::central_assoc)},
    Act{EventType::role_granted, bit(Role::registrar)},
    Act{EventType::role_revoked, bit(Role::registrar)},
    Act{EventType::enrolment_offered, any_of(Role::registrar, Role::device_admin)},
    Act{EventType::device_revoked, any_of(Role::registrar, Role::device_admin)},
    Act{EventType::quota_raised, any_of(Role::registrar, Role::device_admin)},
    Act{EventType::branch_continued, any_role},
    Act{EventType::person_introduced, entrants | any_of(Role::commune_clerk, Role::registrar)},
    Act{EventType::collective_introduced, entrants | any_of(Role::commune_clerk, Role::registrar)},
    Act{EventType::review_held, heads},
    Act{EventType::list_submitted, bit(Role::commune_assoc_chair)},
    Act{EventType::decision_issued, bit(Role::signer)},
    // Which of them depends on the reason of the hold, see roles_to_release().
    Act{EventType::hold_released, any_role},
    Act{EventType::hold_refused, any_role},
};

}  // namespace

std::span<const Step> all_steps() { return steps; }

const Step* find_step(events::EventType type, events::DossierState state) {
  for (const Step& step : steps) {
    if (step.type == type && (step.from & bit(state)) != 0) return &step;
  }
  return nullptr;
}

RoleSet roles_for(events::EventType type) {
  RoleSet roles = 0;
  for (const Step& step : steps) {
    if (step.type == type) roles |= step.roles;
  }
  for (const Act& act : acts) {
    if (act.type == type) roles |= act.roles;
  }
  return roles;
}

RoleSet roles_to_release(events::HoldReason reason) {
  switch (reason) {
    case events::HoldReason::none:
      return 0;
    case events::HoldReason::depends_on:
    case events::HoldReason::conflict:
    case events::HoldReason::clock:
    case events::HoldReason::unit_closed:
    case events::HoldReason::superseded_criteria:
    case events::HoldReason::cycle_closed:
    case events::HoldReason::revoked_late:
    case events::HoldReason::date_ahead:
      return bit(Role::commune_clerk) | superiors;
    case events::HoldReason::no_authority:
    case events::HoldReason::schema_unknown:
      return superiors;
    case events::HoldReason::device_revoked:
      return any_of(Role::commune_clerk, Role::device_admin) | superiors;
  }
  return 0;
}

}  // namespace projections
