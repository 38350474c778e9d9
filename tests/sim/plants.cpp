#include "tests/sim/plants.h"

#include <algorithm>
#include <array>

namespace sim {
namespace {

constexpr std::array plants = {
    PlantInfo{Plant::ack_before_sync, "ack-before-sync",
              "the server acknowledges what it has written and not synced"},
    PlantInfo{Plant::forgotten_chain_head, "forgotten-chain-head",
              "after a restart the server knows an older head of a chain"},
    PlantInfo{Plant::wrong_position, "wrong-position",
              "a receipt names the position after the event's own"},
    PlantInfo{Plant::other_chain, "other-chain", "two devices get each other's acknowledgements"},
    PlantInfo{Plant::verdict_changed, "verdict-changed",
              "after a restart the log gives another verdict for an event"},
    PlantInfo{Plant::device_early_ack, "device-early-ack",
              "the device says an act is kept before its write is synced"},
    PlantInfo{Plant::early_mark, "early-mark", "MARK is sent before a block it covers"},
    PlantInfo{Plant::scope_leak, "scope-leak",
              "a reader gets the blocks of a commune that is not its own"},
    PlantInfo{Plant::scope_gap, "scope-gap", "a filtered reader misses some blocks of its scope"},
    PlantInfo{Plant::release_not_due, "release-not-due",
              "the server releases an event whose cause is still there"},
    PlantInfo{Plant::private_lost, "private-lost",
              "private records are acknowledged and not synced"},
    PlantInfo{Plant::forgotten_answer, "forgotten-answer",
              "the server commits a run and never answers it"},
    PlantInfo{Plant::skipped_recovery, "skipped-recovery",
              "recovery leaves a block out of the fold"},
    PlantInfo{Plant::block_altered, "block-altered",
              "a block reaches readers with another intake than the log's"},
    PlantInfo{Plant::snapshot_gap, "snapshot-gap",
              "a snapshot leaves out a block that it stands for"},
    PlantInfo{Plant::purge_forgets, "purge-forgets",
              "a device says that it destroyed private records, and keeps them"},
    PlantInfo{Plant::branch_forgotten, "branch-forgotten",
              "a copy of a device gets a new chain and drops what only it had"},
    PlantInfo{Plant::restored_unrepaired, "restored-unrepaired",
              "a restored server goes on without taking back what it lost"},
    PlantInfo{Plant::repaired_without_names, "repaired-without-names",
              "a restored server takes back events without their private records"},
    PlantInfo{Plant::parked_lost, "parked-lost",
              "runs that came before those they follow are parked and not synced"},
    PlantInfo{Plant::parked_acknowledged, "parked-acknowledged",
              "a run that waits for those before it is acknowledged"},
    PlantInfo{Plant::lease_ignored, "lease-ignored",
              "a device goes on showing names when its lease is over"},
    PlantInfo{Plant::file_said_before_stored, "file-said-before-stored",
              "the log says that a file is stored before its bytes are synced"},
    PlantInfo{Plant::file_not_hashed, "file-not-hashed",
              "what a device sent becomes a file, whatever its digest"},
    PlantInfo{Plant::lost_file_not_asked, "lost-file-not-asked",
              "a restored server does not ask for the files that it lost"},
    PlantInfo{Plant::files_outlive_role, "files-outlive-role",
              "a device keeps the files of a commune that it lost"},
    PlantInfo{Plant::self_grant, "self-grant",
              "the server gives a role that somebody reached for and was refused"},
    PlantInfo{Plant::welcome_unproved, "welcome-unproved",
              "a device takes any WELCOME for one that the log's key has signed"},
    PlantInfo{Plant::unsigned_events, "unsigned-events",
              "the server shows events that their author never signed"},
    PlantInfo{Plant::withheld_block, "withheld-block",
              "the server keeps a block from a reader and says that nothing is missing"},
    PlantInfo{Plant::rolled_back, "rolled-back",
              "the server goes on from an older copy of the log, in the same epoch"},
    PlantInfo{Plant::quota_ignored, "quota-ignored", "the server takes in whatever a device sends"},
    PlantInfo{Plant::server_clock_believed, "server-clock-believed",
              "the server believes its clock, whatever it shows"},
};

}  // namespace

std::span<const PlantInfo> all_plants() { return plants; }

std::optional<Plant> plant_named(std::string_view name) {
  const auto found = std::ranges::find(plants, name, &PlantInfo::name);
  if (found == plants.end()) return std::nullopt;
  return found->plant;
}

}  // namespace sim
