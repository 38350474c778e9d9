#pragma once

#include "clients/core/log/file_store.h"
#include "clients/core/replica/replica.h"

#include <cstdint>
#include <vector>

namespace clients {

// Taking back what was recorded and has not left the device.  Only the end of the own chain can be
// taken back, and only behind the last block that was cut: a cut is durable before its block goes
// into a frame or a bundle, so nobody else can have seen what lies behind it, whatever became of
// the connection.  What left the device is put right by events, never by forgetting.

/// Events that were recorded together: the same person, the same moment.
struct OwnAct {
  std::uint64_t first_seq{};
  std::uint64_t last_seq{};
};

/// The acts that can be taken back, the last one first.  Empty also while a new chain is being
/// asked for: that request names what is on this one.  What was recorded again from a chain that
/// was left stays. Errors:  device_storage, storage_corrupt.
events::Result<std::vector<OwnAct>> acts_to_undo(const Replica& replica);

/// Forgets the last act: its events, the private records and the files that nothing else here
/// names.  On return it survives a power cut; events and records go together or not at all, and a
/// file that a power cut left is swept like any other that no event names.
/// Expects: `act` is the first of acts_to_undo().
/// Errors:  device_storage: load the replica again, or only a file is left.
events::Result<void> undo(Replica& replica, FileStore& files, const OwnAct& act);

}  // namespace clients
