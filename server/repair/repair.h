#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"
#include "events/protocol/repair_messages.h"
#include "server/commit/pipeline.h"
#include "server/commit/repair_batch.h"
#include "server/repair/missing_records.h"
#include "server/repair/repair_report.h"
#include "server/repair/staged_blocks.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace server {

/// The most blocks that become one append.  Each append costs one copy of the state.
inline constexpr std::size_t repaired_blocks_max = 512;

/// The repair of a log that was restored from a backup: the log takes back from devices what it
/// lost since the backup (docs/decisions/0019-healing.md).
///
/// State: under way until every device that is not revoked has said that it has nothing more, and
///        nothing that a receipt proves is missing.  The operator may end it earlier.  At the end
///        LogRestored is appended, and the repair is over for good.  What devices gave waits in the
///        staging store, across restarts.
/// Thread: the log thread.
class Repair final : public RepairPort {
 public:
  struct Parts {
    Pipeline& pipeline;
    StagingStore& store;
    events::LogHead restored;                        ///< The place where the backup ended.
    std::function<events::Result<void>()> end_mark;  ///< Removes the repair mark from the log.
    std::function<void()> on_end;                    ///< Normal service goes on; may be empty.
  };

  /// Puts the pipeline into its repair state.  When the log already holds LogRestored, a crash left
  /// only the mark of a repair that is over; then the staging store is cleared and the mark
  /// removed.
  /// Expects: the pipeline has recovered.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<Repair> begin(Parts parts);

  bool is_under_way() const { return parts_.pipeline.is_repairing(); }

  events::Result<events::protocol::Reconcile> take(RepairBatch repair_batch,
                                                   events::Timestamp now) override;
  RepairReport report() const override;
  events::Result<RepairReport> finish(bool give_up, events::Timestamp now) override;

 private:
  Repair(Parts parts, StagedBlocks staged, MissingRecords missing)
      : parts_(std::move(parts)), staged_(std::move(staged)), missing_(std::move(missing)) {}

  events::Position head() const { return parts_.pipeline.log().head().position; }
  events::Result<void> take_receipts(const RepairBatch& repair_batch);
  /// Stores the private records that blocks in the log name and that are still missing, because the
  /// giver of a block may not hold them.  Records that are stored already leave the batch; the
  /// other ones stay in it, because blocks that are still staged may name them.
  events::Result<void> take_records(RepairBatch& repair_batch);
  /// The position from which a device goes on giving after its question.
  events::Position first_wanted(const RepairBatch& repair_batch) const;
  /// Inserts all blocks that are proved by now.
  events::Result<void> insert_proved();
  events::Result<void> insert(const std::vector<StagedKey>& path);
  events::Result<void> store_records_of(const std::vector<events::StoredBlock>& blocks);
  /// Whether proved blocks may be inserted now: a receipt of the lost epoch was shown, or every
  /// device has come.  A receipt of an earlier epoch may be of a history that an earlier restore
  /// gave up; it counts only when no device is left that could show a later receipt.
  bool may_insert() const;
  bool all_have_come() const;
  bool is_whole() const;
  /// Stores the private records of staged blocks that nothing proves.  The authors push the events
  /// of these blocks again, but may have destroyed the records since.  The server therefore keeps
  /// the records that devices gave, as it had them before they were lost.
  events::Result<void> keep_unproved_records();
  events::Result<void> end(events::Timestamp now);

  Parts parts_;
  StagedBlocks staged_;
  MissingRecords missing_;
};

}  // namespace server
