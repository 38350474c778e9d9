#pragma once

#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/ranges.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/log/block.h"
#include "events/log/chain.h"
#include "events/log/merkle.h"
#include "events/log/scope_sum.h"

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
  LogId log;    ///< 0: the log is not founded.
  Epoch epoch;  ///< From 1.
  Position position;
  Digest root;  ///< RFC 6962 root over all leaves up to `position`.
  bool operator==(const LogHead&) const = default;
};

/// Which blocks a reader may see: those of some units, or all.
struct ReaderScope {
  bool whole_log = false;
  std::vector<UnitId> units;  ///< Ascending, each once; reference_scope is one of them.

  bool includes(const ScopeSet& scope) const;
  bool operator==(const ReaderScope&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(whole_log), BOUNDED_NVP(1024, units));
    if constexpr (!is_text_archive<Archive>) {
      // includes() uses a binary search, which needs ascending units.
      archive.expect(ranges::adjacent_find(units, std::greater_equal{}) == units.end(),
                     "units of a reader not ascending");
    }
  }
};

/// An append-only sequence of stored blocks, whose positions start at 1 and have no gaps.
///
/// Thread: `append` and `frontier`: one thread, that of the sequencer.  Every other function: any
///         thread; it sees the log as the last finished `append` left it.
class EventLog {
 public:
  virtual ~EventLog() = default;

  /// Appends `blocks` in order, all of them or none.  On return they survive a power cut.
  ///
  /// Expects: at least one block; positions without gaps; each block is the next of its chain, and
  ///          its `root_after` is the root after its last leaf.  `after` is the frontier after the
  ///          last block.
  /// Errors:  storage_failed: it is unknown whether the blocks are on disk.  From then on every
  ///          append fails, until the log is reopened and its tail is read back.  An append that a
  ///          nearly full disk refuses writes nothing, and the next one may succeed.
  [[nodiscard]] virtual Result<void> append(std::span<const StoredBlock> blocks,
                                            const Frontier& after) = 0;

  virtual LogHead head() const = 0;
  /// The right edge of the tree at the head.
  virtual Frontier frontier() const = 0;

  /// The encoded block that holds `position`; nothing when `position` is 0 or beyond the head.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<std::optional<Bytes>> block_at(Position position) const = 0;

  /// The next encoded block that `reader` may see and whose first position is greater than `after`;
  /// nothing when there is none up to the head.  Sets `*scanned_to` to the position up to which the
  /// reader then misses nothing: the last position of the block, or the head.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<std::optional<Bytes>> next_block(const ReaderScope& reader, Position after,
                                                  Position* scanned_to) const = 0;

  /// The last event of `chain`; seq 0 and a hash of zeros when the chain has no events.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<ChainHead> chain_head(ChainNumber chain) const = 0;

  /// The encoded block that holds event `seq` of `chain`; nothing when the log has no such event.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<std::optional<Bytes>> block_of(ChainNumber chain, std::uint64_t seq) const = 0;

  /// The sum over the blocks of `unit` that begin at or before `position`.
  /// Errors:  storage_corrupt, storage_failed.
  virtual Result<ScopeSum> scope_sum_at(UnitId unit, Position position) const = 0;
};

/// The first 8 bytes of the root after `position`, which must be the last of a block, or 0.
/// Errors:  log_diverged when `position` is beyond the head or inside a block; those of block_at()
///          and decode_stored_block().
Result<std::uint64_t> fingerprint_at(const EventLog& log, Position position);
/// The whole root after `position`, which must be the last of a block, or 0.
/// Errors:  as fingerprint_at().
Result<Digest> root_at(const EventLog& log, Position position);
/// The sum of everything that `reader` may see up to `position`, the last of a block, or 0.
/// Errors:  for a reader of the whole log as fingerprint_at(); for any other reader those of
///          scope_sum_at(), since `position` is not checked then.
/// Cost:    a look-up for each unit of the reader; one block for a reader of the whole log.
Result<ReaderSum> reader_sum_at(const EventLog& log, const ReaderScope& reader, Position position);
/// The first 8 bytes of a root, big-endian.
std::uint64_t fingerprint_of(const Digest& root);

}  // namespace events
