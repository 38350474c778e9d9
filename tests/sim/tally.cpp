#include "tests/sim/tally.h"

#include <array>

namespace sim {
namespace {

constexpr std::array names = std::to_array<std::string_view>({
    "connection cut",
    "message cut at a byte",
    "message repeated",
    "messages reordered",
    "acknowledgement lost",
    "old connection lives on",
    "enrolment answer lost",
    "device crash, idle",
    "device crash before a write",
    "device crash before its sync",
    "device crash after a write",
    "server crash, idle",
    "server crash before a batch",
    "server crash before its sync",
    "server crash before the answers",
    "server restart from a checkpoint",
    "server restored from a backup",
    "restored log repaired",
    "batch given back",
    "repair ended by the operator",
    "pushed again after repair",
    "device cloned",
    "device set back to an older image",
    "chain left to a copy",
    "branch recorded again",
    "clock jump of hours",
    "clock jump of days",
    "clock jump of years",
    "two devices on one dossier",
    "role revoked while offline",
    "device enrolled late",
    "device revoked",
    "purge confirmed",
    "units rearranged",
    "rogue act: wrong state",
    "rogue act: wrong role",
    "rogue act: unknown kind",
    "rogue act: newer schema",
    "rogue act: reach for power",
    "rogue act: new chain without a fork",
    "rogue act: flood",
    "server clock drifts",
    "server clock wrong by hours",
    "server clock wrong by days",
    "server clock wrong by years",
    "server clock at 1970",
    "server clock set while running",
    "server clock set while off",
    "server clock found never set",
    "server clock found behind the log",
    "server clock found to have stepped",
    "server clock doubted by devices",
    "server clock confirmed",
    "wrong server clock confirmed",
    "wrong server clock vouched for",
    "device clock set for the server",
    "clock: greeting refused",
    "clock: push refused",
    "clock: push of a doubter refused",
    "clock: reader refused, unvouched",
    "clock: other request refused",
    "clock: server refused by a device",
    "clock corrected in the log",
    "phase closed",
    "bundle exported",
    "bundle lost",
    "bundle delivered twice",
    "bundle cut",
    "bundle changed on the way",
    "answer at the wrong door",
    "bundle refused",
    "bundle answered",
    "server crash in a bundle",
    "run parked",
    "device told of a parked run",
    "parked run judged",
    "answer by bundle taken",
    "answer by bundle overtaken",
    "impostor met",
    "captured greeting sent again",
    "lease ended",
    "lease renewed",
    "act refused while locked",
    "evidence attached",
    "evidence with known bytes",
    "file stored",
    "file proved, not sent",
    "file resumed",
    "file refused for its digest",
    "file worn out on a device",
    "file misread on a device",
    "file taken again",
    "file asked for",
    "file fetched",
    "file lost with the disk",
    "file said, and lost with the disk",
    "connection cut within a file",
    "device crash in a file",
    "server crash before a piece",
    "server crash within a piece",
    "server crash before file is said",
    "accepted",
    "accepted_rebased",
    "held: depends_on",
    "held: conflict",
    "held: no_authority",
    "held: schema_unknown",
    "held: clock",
    "held: device_revoked",
    "held: unit, cycle, criteria",
    "refused",
    "refused: reach for power",
    "flag: late",
    "flag: role revoked since",
    "hold released by the server",
    "hold released by a person",
    "hold refused by the server",
    "hold refused by a person",
    "hold changed",
    "title granted",
    "dossier not recognised",
    "dossier withdrawn",
    "dossier returned",
    "act refused on the spot",
    "push answered NAK",
    "push over quota",
    "pull restarted",
    "offline verdicts compared",
    "prefixes compared",
    "snapshot loaded at once",
    "snapshot loaded after a cut",
    "server updated",
    "device updated",
    "rules adopted",
    "judged here by other rules",
    "left out by an older build",
});
static_assert(names.size() == happenings);

Happening of_hold(events::HoldReason reason) {
  switch (reason) {
    case events::HoldReason::depends_on:
      return Happening::held_depends_on;
    case events::HoldReason::conflict:
      return Happening::held_conflict;
    case events::HoldReason::no_authority:
      return Happening::held_no_authority;
    case events::HoldReason::schema_unknown:
      return Happening::held_schema_unknown;
    case events::HoldReason::device_revoked:
      return Happening::held_device_revoked;
    case events::HoldReason::unit_closed:
    case events::HoldReason::superseded_criteria:
    case events::HoldReason::cycle_closed:
    case events::HoldReason::revoked_late:
    case events::HoldReason::date_ahead:
      return Happening::held_world_moved_on;
    case events::HoldReason::clock:
    case events::HoldReason::none:
      break;
  }
  return Happening::held_clock;
}

}  // namespace

std::string_view name_of(Happening happening) { return names[static_cast<std::size_t>(happening)]; }

void Tally::count(const events::Verdict& verdict) {
  if ((verdict.flags & events::flag_late) != 0) count(Happening::flagged_late);
  if ((verdict.flags & events::flag_role_revoked_since) != 0) {
    count(Happening::flagged_role_revoked_since);
  }
  switch (verdict.code) {
    case events::VerdictCode::accepted:
      return count(Happening::accepted);
    case events::VerdictCode::accepted_rebased:
      return count(Happening::accepted_rebased);
    case events::VerdictCode::held:
      return count(of_hold(verdict.hold));
    case events::VerdictCode::refused:
      return count(Happening::refused);
  }
}

void Tally::add(const Tally& other) {
  for (std::size_t index = 0; index < counts_.size(); ++index) {
    counts_[index] += other.counts_[index];
  }
}

}  // namespace sim
