#pragma once

#include "events/base/result.h"
#include "events/log/block.h"
#include "events/log/private_record.h"
#include "events/protocol/messages.h"

#include <cstddef>
#include <vector>

namespace server {

/// What a device gave back up to a RECONCILE.  A batch that is empty and not complete is a
/// question: where shall the device begin?  A batch does not depend on its connection.
struct RepairBatch {
  events::ChainNumber chain;
  events::protocol::Reconcile end;
  std::vector<events::StoredBlock> blocks;  ///< Ascending by position, in whatever order they came.
  /// The private records that the blocks name, and those of events of which the device does not
  /// know whether the lost log had them, and of live blocks without proof.
  std::vector<events::PrivateRecord> records;

  bool is_question() const { return blocks.empty() && records.empty() && !end.complete; }
};

/// Collects a batch on the session's side.
///
/// Memory: protocol::recovered_bytes_max, counted as the bytes came.
/// Thread: one at a time.
class RepairBatchCollector {
 public:
  RepairBatchCollector(events::LogId log, events::ChainNumber chain) : log_(log), chain_(chain) {}

  /// Adds a block.
  /// Errors:  too_large: more than a batch holds; wrong_log; malformed and unsupported: the block
  ///          cannot be read.
  events::Result<void> add(const events::protocol::Recover& recovered);
  /// Adds private records.  They may come before or behind the blocks that name them.
  /// Errors:  too_large.
  events::Result<void> add(std::vector<events::PrivateRecord> records);
  /// Returns the batch that ends with `end`, and begins an empty one.
  RepairBatch finish(events::protocol::Reconcile end);

 private:
  events::LogId log_;
  events::ChainNumber chain_;
  RepairBatch repair_batch_;
  std::size_t bytes_ = 0;
};

}  // namespace server
