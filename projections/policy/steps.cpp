#include "projections/policy/steps.h"

#include <array>

namespace projections {
namespace {

using enum events::DossierState;
using events::EventType;
using events::Role;
using Cycle = events::CycleOpened;

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

}  // namespace

std::span<const Step> step_rows() { return steps; }

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
