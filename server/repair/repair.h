#pragma once

#include "events/event_log.h"
#include "events/protocol/repair_messages.h"
#include "events/result.h"
#include "server/commit/pipeline.h"
#include "server/repair/missing_records.h"
#include "server/repair/repair_batch.h"
#include "server/repair/repair_report.h"
#include "server/repair/staged_blocks.h"

#include <cstddef>
#include <functional>
#include <optional>

namespace server {

/// Blocks that become one append, and one copy of the state.
inline constexpr std::size_t repaired_blocks_max = 512;

/// A log that was restored from a backup takes back from devices what it lost since
/// (docs/decisions/0019-healing.md).
///
/// State: under way until every device that is not revoked has said that it has nothing more and
///        nothing that a receipt proves is missing, or until the operator ends it; then LogRestored
///        is appended and it is over for good.  What devices gave waits in the staging store,
///        across restarts.
/// Thread: the log thread's.
class Repair {
 public:
  struct Parts {
    Pipeline& pipeline;
    StagingStore& store;
    events::LogHead restored;                        ///< Where the backup ended.
    std::function<events::Result<void>()> end_mark;  ///< Takes the mark off the log.
    std::function<void()> on_end;                    ///< Normal service goes on; may be empty.
  };

  /// Puts the pipeline into its repair state, unless only the mark was left of a repair that is
  /// over: then that is taken off.
  /// Expects: the pipeline has recovered.
  /// Errors:  storage_corrupt, storage_failed.
  static events::Result<Repair> begin(Parts parts);

  bool is_under_way() const { return parts_.pipeline.is_repairing(); }

  /// Takes what a device gave and says how to go on.
  /// Errors:  wrong_log: a receipt of another log; bad_signature: one that this log's key did not
  ///          sign; busy: a chain that the log does not know, without a receipt for it;
  ///          storage_corrupt, storage_failed.
  events::Result<events::protocol::Reconcile> take(RepairBatch repair_batch, events::Timestamp now);

  RepairReport report() const;
  /// Ends it.  `give_up`: also when something that a receipt proves has not come.
  /// Errors:  not_permitted: something has not come, and it is not to be given up; storage_failed.
  events::Result<RepairReport> finish(bool give_up, events::Timestamp now);

 private:
  Repair(Parts parts, StagedBlocks staged, MissingRecords missing)
      : parts_(std::move(parts)), staged_(std::move(staged)), missing_(std::move(missing)) {}

  events::Position head() const { return parts_.pipeline.log().head().position; }
  events::Result<void> take_receipts(const RepairBatch& repair_batch);
  /// Others gave the blocks, perhaps without the names in them: keeps the private records of those
  /// that the log has again, and leaves in the batch what other blocks may name.
  events::Result<void> take_records(RepairBatch& repair_batch);
  /// Where a device goes on giving after its question.
  events::Position first_wanted(const RepairBatch& repair_batch) const;
  /// Inserts all that is proved by now.
  events::Result<void> insert_proved();
  events::Result<void> insert(const std::vector<StagedKey>& path);
  events::Result<void> store_records_of(const std::vector<events::StoredBlock>& blocks);
  /// Somebody has shown a receipt of the very log that was lost.  Older ones may be of a history
  /// that a restoring before this one gave up; they count when nobody is left to know better.
  bool may_insert() const;
  bool all_have_come() const;
  bool is_whole() const;
  /// Blocks that nothing proves are made again by their authors, who may have destroyed the records
  /// in them since: what others gave of these stays with the server, as before it was lost.
  events::Result<void> keep_unproved_records();
  events::Result<void> end(events::Timestamp now);

  Parts parts_;
  StagedBlocks staged_;
  MissingRecords missing_;
};

}  // namespace server
