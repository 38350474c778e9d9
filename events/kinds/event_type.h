#pragma once

#include <cstdint>

namespace events {

/// Number of an event kind.  On disk for ever: a number is given once and never reused.
/// Free numbers in each decade are for later kinds of the same family.
enum class EventType : std::uint16_t {
  log_founded = 1,
  rules_adopted = 2,
  log_restored = 3,
  sealing_key_published = 4,
  clock_corrected = 5,

  unit_created = 10,
  unit_renamed = 11,
  unit_closed = 12,
  units_changed = 13,

  organisation_established = 20,

  criteria_published = 30,
  cycle_opened = 34,
  phase_closed = 35,

  role_granted = 40,
  role_revoked = 41,
  enrolment_offered = 42,
  device_enrolled = 43,
  device_revoked = 44,
  chain_continued = 45,
  branch_continued = 46,
  scope_purged = 47,
  quota_raised = 48,

  person_introduced = 50,
  collective_introduced = 56,

  dossier_opened = 60,
  dossier_registered = 61,
  registration_accepted = 62,
  dossier_returned = 63,
  dossier_resubmitted = 64,
  self_assessment_recorded = 65,
  evidence_sighted = 66,
  dossier_withdrawn = 67,
  evidence_attached = 68,
  evidence_stored = 69,

  review_held = 70,
  dossier_reviewed = 71,

  list_submitted = 74,
  dossier_submitted = 75,
  dossier_appraised = 76,

  decision_issued = 80,
  title_granted = 81,
  dossier_not_recognized = 82,

  hold_released = 90,
  hold_refused = 91,
  hold_changed = 92,
};

}  // namespace events
