#pragma once

#include "events/block.h"
#include "events/private_record.h"
#include "events/protocol/messages.h"
#include "events/result.h"

#include <cstddef>
#include <vector>

namespace server {

/// What a device gave back up to a RECONCILE.  Empty, and not complete, it is a question: where to
/// begin.  A batch needs nothing of the connection it came by.
struct RepairBatch {
  events::ChainNumber chain;
  events::protocol::Reconcile end;
  std::vector<events::StoredBlock> blocks;  ///< Ascending by position, whatever order they came in.
  /// Those that the blocks name, and of events of which the device does not know whether the lost
  /// log had them.
  std::vector<events::PrivateRecord> records;

  bool is_question() const { return blocks.empty() && records.empty() && !end.complete; }
};

/// Collects a batch on the session's side.
///
/// Memory: protocol::recovered_bytes_max as it came.
/// Thread: one at a time.
class RepairBatchCollector {
 public:
  RepairBatchCollector(events::LogId log, events::ChainNumber chain) : log_(log), chain_(chain) {}

  /// Errors:  too_large: more than a batch holds; wrong_log; malformed and unsupported: the block
  ///          cannot be read.
  events::Result<void> add(const events::protocol::Recover& recovered);
  /// Private records that blocks of the batch name, before or behind them.
  /// Errors:  too_large.
  events::Result<void> add(std::vector<events::PrivateRecord> records);
  RepairBatch finish(events::protocol::Reconcile end);

 private:
  events::LogId log_;
  events::ChainNumber chain_;
  RepairBatch repair_batch_;
  std::size_t bytes_ = 0;
};

}  // namespace server
