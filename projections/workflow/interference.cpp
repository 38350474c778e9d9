#include "projections/workflow/interference.h"

namespace projections {

Interference interference_of(events::EventType type) {
  using enum events::EventType;
  switch (type) {
    case dossier_opened:
    case dossier_registered:
    case registration_accepted:
    case dossier_returned:
    case dossier_resubmitted:
    case self_assessment_recorded:
    case dossier_withdrawn:
    case dossier_reviewed:
    case dossier_submitted:
    case dossier_appraised:
    case title_granted:
    case dossier_not_recognized:
      return Interference::changes;
    case evidence_sighted:
    case evidence_attached:
      return Interference::commutes;
    default:
      return Interference::none;
  }
}

bool is_guarded(events::EventType type) {
  // An opening has no stream before it; rule V23 looks after two of them.
  return interference_of(type) == Interference::changes &&
         type != events::EventType::dossier_opened;
}

}  // namespace projections
