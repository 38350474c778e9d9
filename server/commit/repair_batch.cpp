#include "server/commit/repair_batch.h"

#include "events/packing/wire_block.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<void> RepairBatchCollector::add(std::vector<events::PrivateRecord> records) {
  for (const events::PrivateRecord& record : records) {
    bytes_ += record.salt.size() + record.bytes.size();
  }
  if (bytes_ > events::protocol::recovered_bytes_max) {
    return Error{ErrorCode::too_large, "more private records than a batch holds"};
  }
  std::ranges::move(records, std::back_inserter(repair_batch_.records));
  return {};
}

Result<void> RepairBatchCollector::add(const events::protocol::Recover& recovered) {
  bytes_ += recovered.block.size();
  if (repair_batch_.blocks.size() == events::protocol::recovered_blocks_max ||
      bytes_ > events::protocol::recovered_bytes_max) {
    return Error{ErrorCode::too_large, "more blocks than a batch holds"};
  }
  Result<events::StoredBlock> block = events::unpack_stored_block(recovered.block);
  if (!block) return block.error();
  if (block->log != log_) return Error{ErrorCode::wrong_log, "a block of another log"};
  repair_batch_.blocks.push_back(std::move(*block));
  return {};
}

RepairBatch RepairBatchCollector::finish(events::protocol::Reconcile end) {
  RepairBatch whole = std::exchange(repair_batch_, {});
  bytes_ = 0;
  whole.chain = chain_;
  whole.end = std::move(end);
  std::ranges::stable_sort(whole.blocks, {}, &events::StoredBlock::first);
  return whole;
}

}  // namespace server
