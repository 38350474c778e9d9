#include "server/commit/batch.h"

#include <algorithm>
#include <ranges>
#include <span>
#include <string>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::StoredBlock;

/// The newest blocks come last and are asked for most.
const StoredBlock* find_block(std::span<const StoredBlock> blocks, events::ChainNumber chain,
                              std::uint64_t seq) {
  const auto newest_first = std::views::reverse(blocks);
  const auto found = std::ranges::find_if(newest_first, [&](const StoredBlock& block) {
    return block.chain == chain && block.first_seq <= seq && seq <= block.last_seq();
  });
  return found == newest_first.end() ? nullptr : &*found;
}

Result<StoredBlock> read_block(const events::EventLog& log, events::ChainNumber chain,
                               std::uint64_t seq) {
  const Result<std::optional<events::Bytes>> encoded = log.block_of(chain, seq);
  if (!encoded) return encoded.error();
  if (!*encoded) {
    return Error{ErrorCode::storage_corrupt, "event " + std::to_string(seq) + " of chain " +
                                                 std::to_string(chain.value) + " is gone"};
  }
  return events::decode_stored_block(**encoded);
}

events::Digest hash_inside(const StoredBlock& block, std::uint64_t seq) {
  events::Digest hash = block.previous;
  for (std::uint64_t index = 0; block.first_seq + index <= seq; ++index) {
    hash = events::chain_next(hash, block.entries[index].canonical);
  }
  return hash;
}

}  // namespace

Result<events::Digest> stored_hash_at(const events::EventLog& log, events::ChainNumber chain,
                                      std::uint64_t seq) {
  const Result<StoredBlock> block = read_block(log, chain, seq);
  if (!block) return block.error();
  return hash_inside(*block, seq);
}

Result<events::BlockReceipt> stored_receipt_at(const events::EventLog& log,
                                               events::ChainNumber chain, std::uint64_t seq) {
  const Result<StoredBlock> block = read_block(log, chain, seq);
  if (!block) return block.error();
  return events::receipt_of(*block);
}

Result<events::Digest> Batch::chain_hash_at(const events::EventLog& log, events::ChainNumber chain,
                                            std::uint64_t seq) const {
  if (const StoredBlock* const pending = find_block(cutter.closed(), chain, seq)) {
    return hash_inside(*pending, seq);
  }
  return stored_hash_at(log, chain, seq);
}

Result<events::BlockReceipt> Batch::receipt_at(const events::EventLog& log,
                                               events::ChainNumber chain, std::uint64_t seq) const {
  if (const StoredBlock* const fresh = find_block(blocks, chain, seq)) {
    return events::receipt_of(*fresh);
  }
  return stored_receipt_at(log, chain, seq);
}

}  // namespace server
