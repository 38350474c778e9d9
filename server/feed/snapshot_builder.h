#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"
#include "events/protocol/snapshot_messages.h"
#include "projections/state/snapshot.h"
#include "server/commit/admission.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace server {

/// A snapshot and what is needed to hand it out, to choose it, and to make the next one from it.
struct MadeSnapshot {
  /// A block of the reader's scope that the snapshot stands for.
  struct Block {
    events::Position last;
    events::ChainNumber chain;
    std::uint32_t bytes{};  ///< As it is stored.
  };

  events::protocol::SnapshotManifest manifest;  ///< Not signed.
  events::Digest name;
  events::Bytes content;
  std::vector<projections::SnapshotBuilder::Named> records;  ///< Those of the manifest.
  std::vector<Block> blocks;
  /// What a block weighs on the wire, in 1/256 of what it weighs in the log: of some of them.
  std::uint32_t wire_part = 256;
  projections::SnapshotBuilder gatherer;

  /// What the log costs on the wire from `after` up to here, without the blocks of `chain`, which
  /// its device does not get.
  std::uint64_t log_bytes(events::Position after, events::ChainNumber chain) const;
};

using SnapshotPtr = std::shared_ptr<const MadeSnapshot>;

/// Who reads a snapshot: readers with the same rights get the same bytes.
struct SnapshotReader {
  events::ReaderScope scope;
  events::protocol::PrivateAccess private_access;

  bool operator==(const SnapshotReader&) const = default;
};

/// What a snapshot may cost: stored blocks that are folded, and its content before compression.
/// Whose scope holds more pulls the log.
struct SnapshotBounds {
  std::uint64_t folded_bytes = std::uint64_t{64} << 20U;
  std::uint64_t raw_bytes = std::uint64_t{32} << 20U;
};

/// Whether snapshots are made for such a reader: of a few communes, not of the whole log.
bool has_snapshots(const SnapshotReader& reader);

/// Makes the snapshot of `reader` at `position`, which must be the end of a block.  `before`: an
/// earlier one of the same reader to go on from, or null.  `stop`: set by another thread, ends it;
/// may be null.
///
/// Cost:   reads the blocks of the scope behind `before`, all of them without it.
/// Errors: log_diverged: no block ends there; too_large: the scope's state does not fit;
///         closed: it was stopped; storage_corrupt, storage_failed, malformed.
events::Result<SnapshotPtr> make_snapshot(const events::EventLog& log, const SnapshotReader& reader,
                                          events::Position position, const SnapshotPtr& before,
                                          const SnapshotBounds& bounds = {},
                                          const std::atomic<bool>* stop = nullptr);

}  // namespace server
