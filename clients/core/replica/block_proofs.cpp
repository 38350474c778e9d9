#include "clients/core/log/chain_hashes.h"
#include "clients/core/replica/replica.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <iterator>
#include <utility>

// What a replica holds on its server's word, and how a signature of the author comes to cover it.

namespace clients {

using events::ChainNumber;
using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::StoredBlock;

void Replica::settle_before(const StoredBlock& block) {
  std::uint64_t first_seq = block.first_seq;
  // Their hashes were compared when they were taken: one continues the other.
  for (auto before = open_.rbegin(); before != open_.rend();) {
    const StoredBlock& earlier = foreign_.at(*before);
    if (earlier.chain != block.chain || earlier.last_seq() + 1 != first_seq) {
      ++before;
      continue;
    }
    first_seq = earlier.first_seq;
    before = std::make_reverse_iterator(open_.erase(std::next(before).base()));
  }
}

bool Replica::is_covered(const StoredBlock& block) const {
  const StoredBlock* last = &block;
  events::Digest hash = hash_behind(block);
  for (;;) {
    last = successor_of(*last);
    if (last == nullptr || last->previous != hash || unproved_.contains(last->first)) return false;
    if (last->run || !open_.contains(last->first)) return true;
    hash = hash_behind(*last);
  }
}

Position Replica::fold_limit() const {
  // What a snapshot stands for was folded by the server.
  const auto first = open_.upper_bound(base_.value_or(Position{}));
  if (first == open_.end()) return pull_.synced_upto;
  return std::min(pull_.synced_upto, Position{first->value - 1});
}

bool Replica::is_unproved(Position position) const {
  auto block = foreign_.upper_bound(position);
  if (block == foreign_.begin()) return false;
  --block;
  if (block->second.last() < position) return false;
  return unproved_.contains(block->first) || open_.contains(block->first);
}

std::vector<Position> Replica::unproved(Position after, std::size_t count) const {
  std::vector<Position> blocks;
  auto live = unproved_.upper_bound(after);
  auto open = open_.upper_bound(after);
  while (blocks.size() < count && (live != unproved_.end() || open != open_.end())) {
    const bool takes_live = open == open_.end() || (live != unproved_.end() && live->first < *open);
    blocks.push_back(takes_live ? (live++)->first : *open++);
  }
  return blocks;
}

Result<void> Replica::take_proofs(std::span<const events::BlockProof> proofs) {
  std::vector<StoredBlock> proved;
  std::map<ChainNumber, events::ChainHead> behind;  // The proofs looked at so far.
  StoreChange change;
  for (const events::BlockProof& proof : proofs) {
    const auto fingerprint = unproved_.find(proof.first);
    const bool is_live = fingerprint != unproved_.end();
    if (!is_live && !open_.contains(proof.first)) continue;
    const StoredBlock& kept = foreign_.at(proof.first);
    const std::uint64_t root =
        is_live ? fingerprint->second : events::fingerprint_of(kept.root_after);
    Result<StoredBlock> block = events::prove({kept, root}, proof);
    if (!block) return block.error();
    const auto before = behind.find(kept.chain);
    const bool continues = before != behind.end() && before->second.seq + 1 == kept.first_seq;
    const events::Digest known = continues ? before->second.hash : kept.previous;
    if (known != unknown_hash && block->previous != known) {
      return Error{ErrorCode::fork, "a block does not continue its chain"};
    }
    const StoredBlock* const next = successor_of(*block);
    if (next != nullptr && next->previous != unknown_hash &&
        next->previous != hash_behind(*block)) {
      return Error{ErrorCode::fork, "a block is not what its chain goes on from"};
    }
    // A block without a signature of its own is vouched for by what its chain goes on with.
    Result<void> sound = events::check_run(*block, proof, chain_keys_.at(kept.chain));
    if (!proof.run && is_covered(*block)) sound = {};
    if (!sound) return sound;
    behind[block->chain] = {block->last_seq(), hash_behind(*block)};
    change.foreign.push_back({block->first, block->run ? events::pack_block_uncompressed(*block)
                                                       : events::keep_proved_block(*block)});
    proved.push_back(std::move(*block));
  }
  if (proved.empty()) return {};
  if (Result<void> written = store_->commit(change); !written) return written;
  for (StoredBlock& block : proved) {
    const Position first = block.first;
    unproved_.erase(first);
    open_.erase(first);
    tell_successor(block);
    settle_before(block);
    foreign_.insert_or_assign(first, std::move(block));
  }
  return fold();
}

void Replica::tell_successor(const StoredBlock& block) {
  const events::Digest hash = hash_behind(block);
  ForeignChain& chain = foreign_chains_[block.chain];
  if (chain.last_seq == block.last_seq()) {
    chain.hash = hash;
    return;
  }
  const StoredBlock* const next = successor_of(block);
  if (next != nullptr) foreign_.at(next->first).previous = hash;
}

const StoredBlock* Replica::successor_of(const StoredBlock& block) const {
  for (auto next = foreign_.upper_bound(block.first); next != foreign_.end(); ++next) {
    const StoredBlock& later = next->second;
    if (later.chain == block.chain && later.first_seq == block.last_seq() + 1) return &later;
  }
  return nullptr;
}

events::Digest Replica::hash_before(const StoredBlock& block) const {
  if (block.first_seq == 1) {
    return events::chain_start(block.chain, chain_keys_.at(block.chain));
  }
  const auto chain = foreign_chains_.find(block.chain);
  const bool continues =
      chain != foreign_chains_.end() && chain->second.last_seq + 1 == block.first_seq;
  return continues ? chain->second.hash : unknown_hash;
}

}  // namespace clients
