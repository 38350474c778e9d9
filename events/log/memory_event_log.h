#pragma once

#include "events/log/block.h"
#include "events/log/event_log.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <unordered_map>
#include <vector>

namespace events {

/// A log in memory, for tests, the simulator and the browser.  It keeps the encoded blocks in the
/// order of their positions and, for each chain, where its blocks are.
///
/// It can play a disk that forgets: while it is not durable, appends are lost by `lose_unsynced`
/// unless `sync` came first.  It is durable when constructed.
///
/// Thread: one for everything; this layer has no locks.
class MemoryEventLog final : public EventLog {
 public:
  MemoryEventLog(LogId log, Epoch epoch);

  /// Errors: none.
  /// Cost:   two digests an event, for the hash of its chain.
  [[nodiscard]] Result<void> append(std::span<const StoredBlock> blocks,
                                    const Frontier& after) override;

  LogHead head() const override;
  Frontier frontier() const override;
  Result<std::optional<Bytes>> block_at(Position position) const override;

  /// Cost: looks at every block between `after` and the one it returns.
  Result<std::optional<Bytes>> next_block(const ReaderScope& reader, Position after,
                                          Position* scanned_to) const override;
  Result<ChainHead> chain_head(ChainNumber chain) const override;
  Result<std::optional<Bytes>> block_of(ChainNumber chain, std::uint64_t seq) const override;
  Result<ScopeSum> scope_sum_at(UnitId unit, Position position) const override;

  /// Whether appends from now on survive `lose_unsynced` without a `sync`.  An append that does
  /// takes those before it along, as a synced write does.
  void set_durable(bool durable);
  /// Makes everything appended so far durable.
  void sync();
  /// A power cut: the log is as it was after the last durable append or `sync`.
  void lose_unsynced();

 private:
  struct Row {
    Position first;
    ScopeSet scope;
    ChainNumber chain;
    Bytes encoded;
  };
  struct ChainRow {
    std::uint64_t first_seq;
    std::size_t row;  ///< Index into rows_.
    ChainHead after;
  };

  struct SumRow {
    Position first;
    ScopeSum sum;  ///< With this block.
  };

  void append_row(const StoredBlock& block);
  void remember_durable();
  std::size_t first_row_after(Position position) const;

  LogHead head_;
  Frontier frontier_;
  std::vector<Row> rows_;                                            // Ascending by position.
  std::unordered_map<std::uint32_t, std::vector<ChainRow>> chains_;  // Ascending by seq.
  std::map<UnitId, std::vector<SumRow>> sums_;                       // Ascending by position.

  bool durable_ = true;
  LogHead durable_head_;
  Frontier durable_frontier_;
  std::size_t durable_rows_ = 0;
};

}  // namespace events
