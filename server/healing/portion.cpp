#include "server/healing/portion.h"

#include "events/compression/wire_block.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<void> PortionCollector::add(std::vector<events::PrivateRecord> records) {
  for (const events::PrivateRecord& record : records) {
    bytes_ += record.salt.size() + record.bytes.size();
  }
  if (bytes_ > events::protocol::recovered_bytes_max) {
    return Error{ErrorCode::too_large, "more private records than a portion holds"};
  }
  std::ranges::move(records, std::back_inserter(portion_.records));
  return {};
}

Result<void> PortionCollector::add(const events::protocol::Recover& recovered) {
  bytes_ += recovered.block.size();
  if (portion_.blocks.size() == events::protocol::recovered_blocks_max ||
      bytes_ > events::protocol::recovered_bytes_max) {
    return Error{ErrorCode::too_large, "more blocks than a portion holds"};
  }
  Result<events::StoredBlock> block = events::unpack_stored_block(recovered.block);
  if (!block) return block.error();
  if (block->log != log_) return Error{ErrorCode::wrong_log, "a block of another log"};
  portion_.blocks.push_back(std::move(*block));
  return {};
}

Portion PortionCollector::finish(events::protocol::Reconcile end) {
  Portion whole = std::exchange(portion_, {});
  bytes_ = 0;
  whole.chain = chain_;
  whole.end = std::move(end);
  std::ranges::stable_sort(whole.blocks, {}, &events::StoredBlock::first);
  return whole;
}

}  // namespace server
