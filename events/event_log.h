#pragma once

#include "events/block.h"
#include "events/bytes.h"
#include "events/chain.h"
#include "events/crypto/digest.h"
#include "events/ids.h"
#include "events/merkle.h"
#include "events/result.h"
#include "events/scope_sum.h"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace events {

/// How far a log has come.
struct LogHead {
  LogId log;    ///< 0: not founded.
  Epoch epoch;  ///< From 1.
  Position position;
  Digest root;  ///< RFC 6962 root over all leaves up to `position`.
  bool operator==(const LogHead&) const = default;
};

/// Which blocks a reader may see: those of some scopes, or all.
struct ReaderScope {
  bool whole_log = false;
  std::vector<UnitId> units;  ///< Ascending, each once; reference_scope is one of them.

  bool includes(const ScopeSet& scope) const;
  bool operator==(const ReaderScope&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(whole_log), BOUNDED_NVP(1024, units));
    if constexpr (!is_text_archive<Archive>) {
      // includes() searches by halves.
      archive.expect(std::ranges::adjacent_find(units, std::greater_equal{}) == units.end(),
                     "units of a reader not ascending");
    }
  }
};

/// An append-only sequence of stored blocks with dense positions from 1.
///
/// Thread: `append` and `frontier` from one thread, the sequencer's; everything else from any
///         thread, and it sees what the last finished `append` left.
class EventLog {
 public:
  virtual ~EventLog() = default;

  /// Appends `blocks` in order, all of them or none.  On return they survive a power cut.
  ///
  /// Expects: at least one block; positions dense; each block the next of its chain, its
  ///          `root_after` the root after its last leaf.  `after` is the frontier after the last.
  /// Errors:  storage_failed: nobody knows whether they are on disk.  From then on every append
  ///          fails, until the log is reopened and its tail read back.
  [[nodiscard]] virtual Result<void> append(std::span<const StoredBlock> blocks,
                                            const Frontier& after) = 0;

  virtual LogHead head() const = 0;
  /// The right edge of the tree at the head.
  virtual Frontier frontier() const = 0;

  /// The encoded block that holds `position`; nothing when it is 0 or beyond the head.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<std::optional<Bytes>> block_at(Position position) const = 0;

  /// The next encoded block whose first position is greater than `after` and which `reader` may
  /// see; nothing when there is none up to the head.  `*scanned_to` becomes the position up to
  /// which the reader now misses nothing (the block's last, or the head).
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<std::optional<Bytes>> next_block(const ReaderScope& reader, Position after,
                                                  Position* scanned_to) const = 0;

  /// Seq 0 and no hash for a chain without events.
  virtual Result<ChainHead> chain_head(ChainNumber chain) const = 0;

  /// The encoded block that holds event `seq` of `chain`; nothing when the log has no such event.
  virtual Result<std::optional<Bytes>> block_of(ChainNumber chain, std::uint64_t seq) const = 0;

  /// The sum over the blocks of `unit` that begin at or before `position`.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<ScopeSum> scope_sum_at(UnitId unit, Position position) const = 0;
};

/// First 8 bytes of the root after `position`, which must be the last of a block, or 0.
/// Errors:  log_diverged when `position` is beyond the head or inside a block.
Result<std::uint64_t> fingerprint_at(const EventLog& log, Position position);
/// The root itself.  Errors: as fingerprint_at().
Result<Digest> root_at(const EventLog& log, Position position);
/// The sum of everything that `reader` may see up to `position`, the last of a block, or 0.
/// Errors:  as fingerprint_at(), and those of the log.
/// Cost:    a look-up for each unit of the reader.
Result<ReaderSum> reader_sum_at(const EventLog& log, const ReaderScope& reader, Position position);
/// The first 8 bytes of a root, big-endian.
std::uint64_t fingerprint_of(const Digest& root);

}  // namespace events
