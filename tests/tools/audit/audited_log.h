#pragma once

#include "events/log/block.h"
#include "events/log/memory_event_log.h"
#include "tests/support/world.h"
#include "tools/audit/log_export_format.h"
#include "tools/audit/verification.h"

#include <span>
#include <string>
#include <vector>

namespace audit {

using Acts = std::vector<test_support::StoredAct>;

/// A world in which one dossier came to its title, with evidence, a conflict that a clerk released,
/// and an event behind it that the server judged again and refused.
struct DossierLife {
  test_support::World world;
  events::DossierId dossier;
  events::Position evidence;
  events::Position conflicting;  ///< Held, then released by the clerk.
  events::Position dependent;    ///< Held because of it; refused by the server.
};
const DossierLife& a_dossier_life();

/// Everything of that world, ready to be altered.
Acts acts_of(const test_support::World& world);

/// What a server would have on disk: positions, chain hashes, signatures and roots made anew for
/// these acts, by whoever has all keys.  A signature stands on the last block of each run.
std::vector<events::StoredBlock> blocks_of(const Acts& acts);
/// Makes the roots anew for blocks that were altered.
void grow_tree_again(std::vector<events::StoredBlock>& blocks);

events::MemoryEventLog log_of(std::span<const events::StoredBlock> blocks);
events::Bytes export_of(std::span<const events::StoredBlock> blocks,
                        std::span<const LogExportCheckpoint> checkpoints = {});

Report verify(std::span<const events::StoredBlock> blocks);
/// All problems of one check, one line each: "12-12 7.3 DossierOpened: message".
std::string problems_of(const Report& report, Check check);
std::string problems_of(const Report& report);

}  // namespace audit
