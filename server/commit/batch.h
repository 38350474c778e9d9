#pragma once

#include "events/log/block.h"
#include "events/log/event_log.h"
#include "server/commit/block_cutter.h"

#include <cstdint>
#include <vector>

namespace server {

/// Chain hash after event `seq` of a chain, read back from the log.
/// Expects: the chain has that event.
events::Result<events::Digest> stored_hash_at(const events::EventLog& log,
                                              events::ChainNumber chain, std::uint64_t seq);

/// The receipt of the block that holds event `seq`, read back from the log.
/// Expects: the chain has that event.
events::Result<events::BlockReceipt> stored_receipt_at(const events::EventLog& log,
                                                       events::ChainNumber chain,
                                                       std::uint64_t seq);

/// The work of one append: what was cut so far and, once it is durable, the blocks it made.
struct Batch {
  events::Timestamp now;          ///< What the server's clock says.
  events::Timestamp received_at;  ///< Of what it appends: not before the last event of the log.
  BlockCutter cutter;
  std::vector<events::StoredBlock> blocks;

  /// As stored_hash_at(), also for what this batch is about to append.
  events::Result<events::Digest> chain_hash_at(const events::EventLog& log,
                                               events::ChainNumber chain, std::uint64_t seq) const;
  /// As stored_receipt_at(), without reading back what this batch appended.
  events::Result<events::BlockReceipt> receipt_at(const events::EventLog& log,
                                                  events::ChainNumber chain,
                                                  std::uint64_t seq) const;
};

}  // namespace server
