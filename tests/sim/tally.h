#pragma once

#include "events/base/verdict.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace sim {

/// What a run must have met at least once to say anything: faults, odd acts, verdicts, and how
/// often checks had something to check.
enum class Happening : std::uint8_t {
  // Network.
  connection_cut,
  message_cut,
  message_repeated,
  messages_reordered,
  acknowledgement_lost,
  old_connection_lives_on,
  enrolment_answer_lost,
  // Crashes.
  device_crash_idle,
  device_crash_before_write,
  device_crash_before_sync,
  device_crash_after_write,
  server_crash_idle,
  server_crash_before_batch,
  server_crash_before_sync,
  server_crash_before_answer,
  server_restart_from_checkpoint,
  // Disasters.
  server_restored,
  log_repaired,
  blocks_returned,
  repair_given_up,
  pushed_again_after_repair,
  device_cloned,
  device_set_back,
  chain_left,
  branch_recorded_again,
  // Clocks and people.
  clock_jump_hours,
  clock_jump_days,
  clock_jump_years,
  two_devices_on_one_dossier,
  role_revoked_while_offline,
  late_enrolment,
  device_revoked,
  scope_purged,
  units_rearranged,
  // Acts that no honest device of this version would record.
  rogue_wrong_state,
  rogue_wrong_role,
  rogue_unknown_kind,
  rogue_newer_schema,
  rogue_power,
  rogue_chain,
  rogue_flood,
  // The server's clock.
  server_clock_drifted,
  server_clock_hours,
  server_clock_days,
  server_clock_years,
  server_clock_1970,
  server_clock_set_while_running,
  server_clock_set_while_off,
  server_clock_never_set,
  server_clock_behind_log,
  server_clock_stepped,
  server_clock_doubted,
  server_clock_confirmed,
  server_clock_confirmed_wrongly,
  server_clock_vouched_wrongly,
  device_clock_set_for_server,
  clock_refused_greeting,
  clock_refused_push,
  clock_refused_doubter,
  clock_refused_unvouched,
  clock_refused_other,
  device_refused_clock,
  clock_corrected,
  phase_closed,
  // BundleTrips.
  bundle_exported,
  bundle_lost,
  bundle_twice,
  bundle_cut,
  bundle_changed,
  bundle_at_the_wrong_door,
  bundle_refused,
  bundle_answered,
  server_crash_in_bundle,
  run_parked,
  told_of_parked,
  parked_run_judged,
  answer_taken,
  answer_overtaken,
  // A server without the log's key.
  impostor_met,
  greeting_replayed,
  // Leases.
  lease_ended,
  lease_renewed,
  act_refused_while_locked,
  // Files of evidence.
  evidence_attached,
  file_offered_twice,  ///< Evidence with bytes that some evidence had before.
  file_stored,
  file_proved,
  file_resumed,
  file_refused,
  file_worn,
  file_misread,
  file_taken_again,
  file_asked_for,
  file_fetched,
  file_lost_with_disk,
  file_said_and_lost,  ///< The repaired log says that it is stored, and the disk with it is gone.
  cut_within_file,
  device_crash_in_file,
  server_crash_before_piece,
  server_crash_half_piece,
  server_crash_before_said,
  // What the log answered.
  accepted,
  accepted_rebased,
  held_depends_on,
  held_conflict,
  held_no_authority,
  held_schema_unknown,
  held_clock,
  held_device_revoked,
  held_world_moved_on,  ///< Unit, cycle or criteria closed behind the device.
  refused,
  power_refused,
  flagged_late,
  flagged_role_revoked_since,
  // What became of holds.
  released_by_server,
  released_by_person,
  refused_by_server,
  refused_by_person,
  hold_changed,
  // Results and checks.
  title_granted,
  not_recognized,
  withdrawn,
  returned,
  refused_on_the_spot,
  push_refused,
  push_over_quota,
  pull_restarted,
  verdicts_compared,
  prefixes_compared,
  snapshot_loaded,
  snapshot_resumed,
  // MixedBuilds.
  server_updated,
  device_updated,
  rules_adopted,
  judged_by_other_rules,  ///< An own event of a device that had not the rules of the log.
  left_out_of_a_fold,     ///< A device that was compared had left something out.
};
inline constexpr std::size_t happenings =
    static_cast<std::size_t>(Happening::left_out_of_a_fold) + 1;

std::string_view name_of(Happening happening);

/// How often each thing happened.
class Tally {
 public:
  void count(Happening happening) { ++counts_[static_cast<std::size_t>(happening)]; }
  /// The verdict of a stored event.
  void count(const events::Verdict& verdict);
  std::uint64_t of(Happening happening) const {
    return counts_[static_cast<std::size_t>(happening)];
  }
  void add(const Tally& other);

 private:
  std::array<std::uint64_t, happenings> counts_{};
};

}  // namespace sim
