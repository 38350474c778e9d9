#include "server/commit/lost_blocks.h"

#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"

#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::StoredBlock;

namespace {

/// The first event of a chain that no signature in the log covers yet.  The log cuts a signed run
/// where something comes between, and a receipt may end there.
Result<std::uint64_t> first_unsigned(const events::EventLog& log, events::ChainNumber chain,
                                     std::uint64_t head) {
  std::uint64_t from = head + 1;
  while (from > 1) {
    const Result<std::optional<events::Bytes>> encoded = log.block_of(chain, from - 1);
    if (!encoded) return encoded.error();
    if (!*encoded) return Error{ErrorCode::storage_corrupt, "a chain without its last block"};
    const Result<StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    if (block->run) break;
    from = block->first_seq;
  }
  return from;
}

/// The epoch of the log's last block, before which no later block can be.
Result<events::Epoch> last_epoch(const events::EventLog& log) {
  const Result<std::optional<events::Bytes>> encoded = log.block_at(log.head().position);
  if (!encoded) return encoded.error();
  if (!*encoded) return events::Epoch{1};
  const Result<StoredBlock> block = events::decode_stored_block(**encoded);
  if (!block) return block.error();
  return block->epoch;
}

}  // namespace

bool extend(events::Frontier& edge, const events::StoredBlock& block) {
  events::Bytes leaf;
  events::Position position = block.first;
  for (const events::BlockEntry& entry : block.entries) {
    events::write_leaf(position, block.received_at, entry.intake, entry.canonical, entry.verdict,
                       leaf);
    edge.append(events::leaf_hash(leaf));
    ++position.value;
  }
  return edge.root() == block.root_after;
}

LostBlocks::LostBlocks(const events::EventLog& log, projections::State state,
                       const events::Frontier& edge, events::Timestamp last_received_at)
    : log_(log), state_(std::move(state)), edge_(edge), last_received_at_(last_received_at) {}

Result<events::PublicKey> LostBlocks::key_of(events::ChainNumber number) const {
  if (number == events::system_chain) return state_.access().server_key();
  const projections::Device* const device = state_.access().device_of(number);
  if (device == nullptr) return Error{ErrorCode::not_enrolled, "a block of an unknown chain"};
  return device->public_key;
}

Result<LostBlocks::Chain*> LostBlocks::chain_of(events::ChainNumber number,
                                                const events::PublicKey& key) {
  const auto known = chains_.find(number);
  if (known != chains_.end()) return &known->second;
  Result<events::ChainHead> head = log_.chain_head(number);
  if (!head) return head.error();
  if (head->seq == 0) head->hash = events::chain_start(number, key);
  const Result<std::uint64_t> from = first_unsigned(log_, number, head->seq);
  if (!from) return from.error();
  return &chains_.emplace(number, Chain{*head, *from, std::nullopt}).first->second;
}

Result<void> LostBlocks::check_place(const StoredBlock& block, const Chain& chain) const {
  const events::LogHead log = log_.head();
  if (block.log != log.log) return Error{ErrorCode::wrong_log, "a block of another log"};
  if (block.first.value != edge_.size() + 1 || block.first_seq != chain.head.seq + 1) {
    return Error{ErrorCode::gap, "a block out of its place"};
  }
  if (block.previous != chain.head.hash) {
    return Error{ErrorCode::fork, "a block does not continue its chain"};
  }
  if (block.epoch < epoch_ || block.epoch >= log.epoch) {
    return Error{ErrorCode::log_diverged, "a block of an epoch that was not then"};
  }
  return {};
}

std::optional<std::size_t> LostBlocks::first_open() const {
  std::optional<std::size_t> first;
  for (const auto& [number, chain] : chains_) {
    if (chain.open_since && (!first || *chain.open_since < *first)) first = chain.open_since;
  }
  return first;
}

Result<void> LostBlocks::check_signed(const StoredBlock& block, const events::PublicKey& key,
                                      Chain& chain) {
  if (!block.run) {
    if (!chain.open_since) chain.open_since = taken_;
    return {};
  }
  const events::Bytes statement = events::block_statement(
      block.log, block.chain, block.run->first_seq, block.last_seq(), chain.head.hash);
  if (!events::verify(key, statement, block.run->signature)) {
    return Error{ErrorCode::bad_signature, "a block that its author did not sign"};
  }
  if (block.run->first_seq > chain.unsigned_from) {
    // Its author signed from there: the block before had a signature, and somebody took it away.
    offender_ = chain.open_since.value_or(taken_);
    return Error{ErrorCode::bad_signature, "a signature is missing"};
  }
  chain.unsigned_from = block.last_seq() + 1;
  chain.open_since.reset();
  return {};
}

Result<void> LostBlocks::judge_again(const StoredBlock& block, events::ChainHead& head) {
  const Result<std::vector<events::StoredEvent>> events = events::stored_events(block);
  if (!events) return events.error();
  const auto& first = events->front();
  if (!projections::follows_in_time(first.event.payload, block.received_at, last_received_at_)) {
    return Error{ErrorCode::log_diverged, "a block received before the one before it"};
  }
  for (const events::StoredEvent& stored : *events) {
    const events::EventId expected{block.chain, head.seq + 1};
    if (stored.event.id() != expected) {
      return Error{ErrorCode::malformed, "an event names another place than its block"};
    }
    const projections::Judgement judgement = projections::judge(
        stored.event, {stored.position, stored.received_at, stored.intake}, state_);
    if (judgement.verdict != stored.verdict || !(judgement.scope == block.scope)) {
      return Error{ErrorCode::log_diverged, "the event at position " +
                                                std::to_string(stored.position.value) +
                                                " is judged otherwise"};
    }
    state_.apply(stored, judgement.scope,
                 [this](const projections::EffectiveEvent& effective, const projections::State&) {
                   changes_.emplace_back(effective);
                 });
    if (state_.rulebook().is_beyond()) {
      return Error{ErrorCode::unsupported, "judged under rules newer than this build's"};
    }
    head = {head.seq + 1, events::chain_next(head.hash, stored.event.canonical)};
  }
  return {};
}

Result<void> LostBlocks::take(const StoredBlock& block) {
  offender_ = taken_;
  if (taken_ == 0) {
    const Result<events::Epoch> last = last_epoch(log_);
    if (!last) return last.error();
    epoch_ = *last;
  }
  const Result<events::PublicKey> key = key_of(block.chain);
  if (!key) return key.error();
  const Result<Chain*> found = chain_of(block.chain, *key);
  if (!found) return found.error();
  Chain& chain = **found;
  if (Result<void> placed = check_place(block, chain); !placed) return placed;
  if (Result<void> judged = judge_again(block, chain.head); !judged) return judged;
  if (!extend(edge_, block)) return Error{ErrorCode::log_diverged, "a root that does not fit"};
  if (Result<void> authentic = check_signed(block, *key, chain); !authentic) return authentic;
  epoch_ = block.epoch;
  last_received_at_ = block.received_at;
  ++taken_;
  return {};
}

}  // namespace server
