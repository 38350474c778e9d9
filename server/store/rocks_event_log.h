#pragma once

#include "events/event_log.h"
#include "events/result.h"
#include "server/store/checkpoint_store.h"
#include "server/store/log_database.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

namespace server {

/// The log on disk: one RocksDB row per block, found by position, by scope and by chain
/// (docs/decisions/0004-one-row-per-block.md), and a high-water file beside it
/// (docs/decisions/0005-high-water-file.md).
///
/// An append is one atomic batch over all tables, synced; then the high-water file is raised; then
/// the head and a snapshot of the tables are published.  Readers see the published
/// snapshot and nothing else, so they never see a block that a power cut could take back.
///
/// Thread: as EventLog says.
class RocksEventLog final : public events::EventLog {
 public:
  using Options = LogOptions;

  /// Opens the log: first to read only, which reads its tail back and compares it with the
  /// high-water file, so that a log that is refused keeps every byte; then to write.  Whatever was
  /// found in RocksDB's write-ahead log is durable on return.
  ///
  /// Errors: not_found: there is no log and it may not be created.
  ///         storage_rolled_back: the log is shorter than what it promised, or another one.
  ///         storage_corrupt: its bytes or its high-water file are damaged or missing.
  ///         wrong_log: it is another log than `options.log`.
  ///         storage_failed: anything else, for example a second process has it open.
  ///         Messages name the file and say what to do; nothing is repaired or thrown away.
  /// Cost:   replays at most max_total_wal_bytes twice and checks the rows of those blocks.
  static events::Result<std::unique_ptr<RocksEventLog>> open(const Options& options);

  /// Opens the log of a stopped server, or a backup, without writing a byte.  A high-water file is
  /// compared when there is one.  `append` is refused.
  /// Errors: as `open`.
  static events::Result<std::unique_ptr<RocksEventLog>> open_read_only(
      const std::filesystem::path& path);

  /// Makes the high-water file anew from the log as it is, after a person decided that this is the
  /// log to go on with.  Returns the head that it now names.
  /// Errors: as `open`, but the old high-water file is not asked.
  static events::Result<events::LogHead> recreate_high_water(const Options& options);

  /// Makes a log that was restored ready to go on in `epoch`: it is repair from now on, and its
  /// high-water file is made anew.  Returns its head.
  /// Errors: as `open`.
  static events::Result<events::LogHead> begin_repair(const Options& options, events::Epoch epoch);

  ~RocksEventLog() override;

  /// Errors: storage_failed, for ever after a failed write or an error of RocksDB's background
  ///         work; but only until there is room when the disk is nearly full (see DiskFloor).
  [[nodiscard]] events::Result<void> append(std::span<const events::StoredBlock> blocks,
                                            const events::Frontier& after) override;
  events::LogHead head() const override;
  events::Frontier frontier() const override;
  events::Result<std::optional<events::Bytes>> block_at(events::Position position) const override;

  /// Cost: one seek for a reader of the whole log, one seek for each unit for any other.
  events::Result<std::optional<events::Bytes>> next_block(
      const events::ReaderScope& reader, events::Position after,
      events::Position* scanned_to) const override;
  events::Result<events::ChainHead> chain_head(events::ChainNumber chain) const override;
  events::Result<std::optional<events::Bytes>> block_of(events::ChainNumber chain,
                                                        std::uint64_t seq) const override;
  /// Cost: one seek.
  events::Result<events::ScopeSum> scope_sum_at(events::UnitId unit,
                                                events::Position position) const override;

  /// A copy of the log as it is now, see checkpoint_database().
  /// Thread: any.
  /// Errors: storage_failed.
  events::Result<void> checkpoint_to(const std::filesystem::path& path) const;

  /// Where a restored log ended, as long as it takes back what it lacks; nothing in normal service.
  /// Thread: that of `append`.
  const std::optional<events::LogHead>& repair_since() const;
  /// Normal service goes on.  On return that survives a power cut.
  /// Errors: storage_failed.
  events::Result<void> end_repair();

  /// Whether appends are still accepted; false for ever after a failed write.
  /// Thread: any.
  bool healthy() const;
  /// Why not; nothing while healthy.
  std::optional<events::Error> failure() const;

  /// Checkpoints of projections, in a table of this database.
  /// Lifetime: of the log.
  CheckpointStore& checkpoints() { return *checkpoints_; }

  /// Reads every table file and compares all checksums.
  ///
  /// Thread: any.
  /// Errors: storage_corrupt: the message names the file; storage_failed.
  /// Cost:   reads the whole database twice.
  events::Result<void> verify_tables() const;

 private:
  struct Tables;
  enum class HighWaterRule { compare, compare_if_present, replace };

  explicit RocksEventLog(std::unique_ptr<Tables> tables);
  static events::Result<std::unique_ptr<RocksEventLog>> open(const Options& options,
                                                             HighWaterRule rule);
  /// Whether the mark, if any, can be used; `exists`: there is a database.
  static events::Result<void> check_mark(const events::Result<events::LogHead>& mark,
                                         HighWaterRule rule, bool exists, const Options& options);
  /// Whether the log found is the one wanted and holds what was promised (null: no mark).
  static events::Result<void> check_found(const LogDatabase& database, const events::LogHead& head,
                                          const events::LogHead* promised, HighWaterRule rule,
                                          const Options& options);
  events::Result<void> write(std::span<const events::StoredBlock> blocks,
                             const events::Frontier& after);

  std::unique_ptr<Tables> tables_;
  std::unique_ptr<CheckpointStore> checkpoints_;
};

}  // namespace server
