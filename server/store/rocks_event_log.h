#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"
#include "server/store/checkpoint_store.h"
#include "server/store/log_database.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

namespace server {

/// The log on disk.  Each block is one RocksDB row, which is found by position, by scope and by
/// chain (docs/decisions/0004-one-row-per-block.md).  A high-water file stands beside the database
/// (docs/decisions/0005-high-water-file.md).
///
/// An append writes one atomic batch over all tables and syncs it.  Then it raises the high-water
/// file.  Then it publishes the head and a snapshot of the tables.  Readers see only the published
/// snapshot, so they never see a block that a power cut could take back.
///
/// Thread: as EventLog says.
class RocksEventLog final : public events::EventLog {
 public:
  using Options = LogOptions;

  /// Opens the log in two steps.  First it opens the log for reading only, reads its tail back and
  /// compares it with the high-water file, so that a log that is refused keeps every byte.  Then it
  /// opens the log for writing.  On return everything that RocksDB's write-ahead log held is
  /// durable.
  ///
  /// Errors: not_found: there is no log, and `options` do not allow creating one.
  ///         storage_rolled_back: the log is shorter than its high-water file says, or another one.
  ///         storage_corrupt: the bytes of the log or its high-water file are damaged or missing.
  ///         wrong_log: the log is not `options.log`.
  ///         unsupported: the tables have a newer form.
  ///         storage_failed: any other cause, for example that another process has the log open.
  ///         The message names the file and says what to do.  Nothing is repaired or thrown away.
  /// Cost:   replays at most max_total_wal_bytes twice and checks the rows of those blocks.
  static events::Result<std::unique_ptr<RocksEventLog>> open(const Options& options);

  /// Opens the log of a stopped server, or a backup, without writing a byte.  The log is compared
  /// with its high-water file when there is one.  `append` is refused.
  /// Errors: as `open`.
  static events::Result<std::unique_ptr<RocksEventLog>> open_read_only(
      const std::filesystem::path& path);

  /// Replaces the high-water file by one that fits the log as it is.  A person has decided that the
  /// server goes on with this log.  Returns the head that the new file names.
  /// Errors: as `open`, but the old high-water file is not compared.
  static events::Result<events::LogHead> recreate_high_water(const Options& options);

  /// Prepares a log that was restored from a backup: it goes on in `epoch`, it is under repair from
  /// now on, and its high-water file is replaced.  Returns its head.
  /// Errors: as `open`.
  static events::Result<events::LogHead> begin_repair(const Options& options, events::Epoch epoch);

  ~RocksEventLog() override;

  /// Errors: storage_failed.  After a failed write, or an error of RocksDB's background work, every
  ///         later append fails, too.  When the disk is nearly full (see DiskFloor), appends fail
  ///         only until there is room.
  [[nodiscard]] events::Result<void> append(std::span<const events::StoredBlock> blocks,
                                            const events::Frontier& after) override;
  events::LogHead head() const override;
  events::Frontier frontier() const override;
  events::Result<std::optional<events::Bytes>> block_at(events::Position position) const override;

  /// Cost: one seek for a reader of the whole log; for any other reader one seek a unit.
  events::Result<std::optional<events::Bytes>> next_block(
      const events::ReaderScope& reader, events::Position after,
      events::Position* scanned_to) const override;
  events::Result<events::ChainHead> chain_head(events::ChainNumber chain) const override;
  events::Result<std::optional<events::Bytes>> block_of(events::ChainNumber chain,
                                                        std::uint64_t seq) const override;
  /// Cost: one seek.
  events::Result<events::ScopeSum> scope_sum_at(events::UnitId unit,
                                                events::Position position) const override;

  /// Copies the log as it is now to `path`, see checkpoint_database().
  /// Thread: any.
  /// Errors: storage_failed.
  events::Result<void> checkpoint_to(const std::filesystem::path& path) const;

  /// The place where the backup of a restored log ended, while the log is under repair; nothing in
  /// normal service.
  /// Thread: that of `append`.
  const std::optional<events::LogHead>& repair_since() const;
  /// Ends the repair, so that normal service goes on.  On return this survives a power cut.
  /// Thread: that of `append`.
  /// Errors: storage_failed.
  events::Result<void> end_repair();

  /// Whether appends are still accepted; false for ever after a failed write.
  /// Thread: any.
  bool healthy() const;
  /// Why appends are no longer accepted; nothing while they are.
  /// Thread: any.
  std::optional<events::Error> failure() const;

  /// The checkpoints of projections, which stand in a table of this database.
  /// Lifetime: that of the log.
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
  /// Checks that the high-water mark, if any, can be used.  `exists`: there is a database.
  static events::Result<void> check_mark(const events::Result<events::LogHead>& mark,
                                         HighWaterRule rule, bool exists, const Options& options);
  /// Checks that the log that was found is the wanted one and holds what the high-water mark
  /// `promised`; null: there is no mark.
  static events::Result<void> check_found(const LogDatabase& database, const events::LogHead& head,
                                          const events::LogHead* promised, HighWaterRule rule,
                                          const Options& options);
  events::Result<void> write(std::span<const events::StoredBlock> blocks,
                             const events::Frontier& after);

  std::unique_ptr<Tables> tables_;
  std::unique_ptr<CheckpointStore> checkpoints_;
};

}  // namespace server
