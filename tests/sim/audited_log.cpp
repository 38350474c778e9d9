#include "tests/sim/audited_log.h"

#include "events/base/check.h"
#include "server/commit/lost_blocks.h"
#include "tests/sim/violation.h"

#include <map>
#include <string>
#include <utility>

namespace sim {

using events::Bytes;
using events::Result;
using events::StoredBlock;

namespace {

events::Error power_cut() { return {events::ErrorCode::storage_failed, "the power was cut"}; }

events::Digest hash_after(const StoredBlock& block) {
  events::Digest hash = block.previous;
  for (const events::BlockEntry& entry : block.entries) {
    hash = events::chain_next(hash, entry.canonical);
  }
  return hash;
}

/// Every fifth block, the same ones on every run.
bool is_chosen(events::Position first) { return first.value % 5 == 3; }

}  // namespace

void AuditedLog::look_at(std::span<const StoredBlock> blocks) const {
  std::map<events::ChainNumber, events::ChainHead> heads;
  std::uint64_t next = inner_.head().position.value + 1;
  for (const StoredBlock& block : blocks) {
    require(block.first.value == next, Promise::verifiable, "positions are not dense");
    next = block.last().value + 1;
    const auto [place, is_new] = heads.try_emplace(block.chain);
    if (is_new) place->second = *inner_.chain_head(block.chain);
    const events::ChainHead& head = place->second;
    require(block.first_seq == head.seq + 1, Promise::exactly_once, [&] {
      return "chain " + std::to_string(block.chain.value) + " has " + std::to_string(head.seq) +
             " events and gets seq " + std::to_string(block.first_seq);
    });
    require(head.seq == 0 || block.previous == head.hash, Promise::exactly_once,
            "a block does not continue its chain");
    place->second = {block.last_seq(), hash_after(block)};
  }
}

Result<void> AuditedLog::append(std::span<const StoredBlock> blocks,
                                const events::Frontier& after) {
  look_at(blocks);
  if (on_append_) on_append_(blocks);
  crashed_ = std::exchange(armed_, AppendCrash::none);
  if (crashed_ == AppendCrash::before_batch) return power_cut();
  if (crashed_ == AppendCrash::before_sync) {
    inner_.set_durable(false);
    static_cast<void>(inner_.append(blocks, after));
    inner_.lose_unsynced();
    inner_.set_durable(true);
    return power_cut();
  }
  const Result<void> appended = inner_.append(blocks, after);
  // Before the answers: everything is on disk, and nobody hears of it.
  if (crashed_ == AppendCrash::before_answers) return power_cut();
  if (plant_ == Plant::ack_before_sync && (calm_ || random_.chance(40))) inner_.sync();
  return appended;
}

void AuditedLog::lose_power() {
  inner_.lose_unsynced();
  restarted_ = true;
  const events::LogHead head = inner_.head();
  if (plant_ != Plant::rolled_back || head.position.value < 100 || !random_.chance(30)) return;
  const StoredBlock last = *events::decode_stored_block(**inner_.block_at(head.position));
  set_back(events::Position{last.first.value - 1}, head.epoch);
}

void AuditedLog::set_back(events::Position upto, events::Epoch epoch) {
  events::MemoryEventLog restored(inner_.head().log, epoch);
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  while (restored.head().position < upto) {
    events::Position scanned_to;
    const std::optional<Bytes> encoded =
        *inner_.next_block(everything, restored.head().position, &scanned_to);
    const StoredBlock block = *events::decode_stored_block(*encoded);
    events::Frontier edge = restored.frontier();
    CHECK(server::extend(edge, block), "the log's own blocks have their roots");
    static_cast<void>(restored.append({&block, 1}, edge));
  }
  restored.set_durable(plant_ != Plant::ack_before_sync);
  inner_ = std::move(restored);
}

Bytes AuditedLog::as_planted(Bytes encoded) const {
  const bool alters = plant_ == Plant::block_altered || plant_ == Plant::verdict_changed;
  if (!alters || recovering_) return encoded;
  StoredBlock block = *events::decode_stored_block(encoded);
  if (!is_chosen(block.first)) return encoded;
  if (plant_ == Plant::block_altered) {
    block.entries.front().intake.clock_error_seconds += 1;
  } else if (restarted_) {
    block.entries.front().verdict.flags ^= events::flag_late;
  }
  return events::encode_stored_block(block);
}

Result<std::optional<Bytes>> AuditedLog::block_at(events::Position position) const {
  return inner_.block_at(position);
}

Result<std::optional<Bytes>> AuditedLog::next_block(const events::ReaderScope& reader,
                                                    events::Position after,
                                                    events::Position* scanned_to) const {
  for (;;) {
    Result<std::optional<Bytes>> found = inner_.next_block(reader, after, scanned_to);
    if (!found || !*found) return found;
    const StoredBlock block = *events::decode_stored_block(**found);
    const bool skips = (plant_ == Plant::scope_gap && !reader.whole_log && is_chosen(block.first) &&
                        block.chain != events::system_chain) ||
                       (plant_ == Plant::snapshot_gap && making_snapshot_ &&
                        is_chosen(block.first) && block.chain != events::system_chain) ||
                       (plant_ == Plant::skipped_recovery && recovering_ &&
                        block.first.value > 60 && is_chosen(block.first));
    if (!skips) return std::optional{as_planted(std::move(**found))};
    after = block.last();
  }
}

Result<events::ChainHead> AuditedLog::chain_head(events::ChainNumber chain) const {
  Result<events::ChainHead> head = inner_.chain_head(chain);
  const bool forgets = plant_ == Plant::forgotten_chain_head && restarted_ && head->seq > 1 &&
                       chain != events::system_chain;
  if (!forgets) return head;
  const StoredBlock last = *events::decode_stored_block(**inner_.block_of(chain, head->seq));
  return events::ChainHead{last.first_seq - 1, last.previous};
}

Result<std::optional<Bytes>> AuditedLog::block_of(events::ChainNumber chain,
                                                  std::uint64_t seq) const {
  Result<std::optional<Bytes>> found = inner_.block_of(chain, seq);
  if (!found || !*found) return found;
  return std::optional{as_planted(std::move(**found))};
}

}  // namespace sim
