#include "server/commit/block_cutter.h"

#include "events/base/check.h"
#include "events/log/chain.h"

#include <utility>

namespace server {
namespace {

using events::StoredBlock;
using events::StoredEvent;

/// More than the head of any block takes, its scope, signature and root included.
constexpr std::size_t head_bytes_max = 256;
/// What an entry's place in the table of lengths takes.
constexpr std::size_t length_bytes_max = 3;

}  // namespace

BlockCutter::BlockCutter(events::LogId log, events::Epoch epoch, events::Timestamp received_at,
                         events::Frontier& frontier, const events::SigningKey& server_key)
    : log_(log),
      epoch_(epoch),
      received_at_(received_at),
      frontier_(frontier),
      server_key_(server_key) {}

void BlockCutter::add(StoredEvent stored, const events::ScopeSet& scope, const ChainStep& step) {
  CHECK(stored.position == next_position(), "the caller numbers by next_position()");
  events::write_leaf(stored, leaf_);  // Longer than the entry, so it bounds the entry's bytes.
  if (!fits(stored, scope)) close();
  if (!open_) open(stored, scope, step.before);

  frontier_.append(events::leaf_hash(leaf_));
  canonical_bytes_ += stored.event.canonical.size();
  encoded_bytes_ += leaf_.size() + length_bytes_max;
  last_hash_ = step.after;
  open_->entries.push_back(
      {stored.intake, std::move(stored.event.canonical), std::move(stored.verdict)});
}

bool BlockCutter::fits(const StoredEvent& stored, const events::ScopeSet& scope) const {
  return open_ && open_->chain == stored.event.header.chain && open_->scope == scope &&
         open_->entries.size() < events::block_events_max &&
         canonical_bytes_ + stored.event.canonical.size() <= events::block_bytes_max &&
         encoded_bytes_ + leaf_.size() + length_bytes_max <= events::encoded_block_bytes_max;
}

void BlockCutter::open(const StoredEvent& stored, const events::ScopeSet& scope,
                       const events::Digest& previous) {
  open_ = StoredBlock{.log = log_,
                      .epoch = epoch_,
                      .first = stored.position,
                      .received_at = received_at_,
                      .chain = stored.event.header.chain,
                      .first_seq = stored.event.header.seq,
                      .previous = previous,
                      .scope = scope,
                      .run = std::nullopt,
                      .root_after = {},
                      .entries = {}};
  canonical_bytes_ = 0;
  encoded_bytes_ = head_bytes_max;
}

void BlockCutter::close() {
  if (!open_) return;
  open_->root_after = frontier_.root();
  if (open_->chain == events::system_chain) {
    const events::Bytes statement = events::block_statement(log_, open_->chain, open_->first_seq,
                                                            open_->last_seq(), last_hash_);
    open_->run = events::RunSignature{open_->first_seq, server_key_.sign(statement)};
  } else {
    last_of_device_ = closed_.size();
  }
  closed_.push_back(std::move(*open_));
  open_.reset();
}

void BlockCutter::finish_run(const events::RunSignature& run) {
  close();
  CHECK(last_of_device_, "a run has at least one event");
  closed_[*last_of_device_].run = run;
}

std::vector<StoredBlock> BlockCutter::finish() {
  close();
  return std::exchange(closed_, {});
}

}  // namespace server
