#include "events/log/memory_event_log.h"

#include "events/base/check.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <iterator>

namespace events {
namespace {

Digest chain_hash_after(const StoredBlock& block) {
  Digest hash = block.previous;
  for (const BlockEntry& entry : block.entries) hash = chain_next(hash, entry.canonical);
  return hash;
}

}  // namespace

MemoryEventLog::MemoryEventLog(LogId log, Epoch epoch)
    : head_{log, epoch, Position{}, empty_root()}, durable_head_(head_) {}

Result<void> MemoryEventLog::append(std::span<const StoredBlock> blocks, const Frontier& after) {
  CHECK(!blocks.empty(), "the sequencer appends what it has judged");
  CHECK(blocks.back().last().value == after.size(), "the frontier is that after the last block");
  for (const StoredBlock& block : blocks) append_row(block);
  frontier_ = after;
  if (durable_) remember_durable();
  return {};
}

void MemoryEventLog::append_row(const StoredBlock& block) {
  CHECK(block.log == head_.log && block.epoch <= head_.epoch, "the sequencer knows its log");
  CHECK(block.first.value == head_.position.value + 1, "the sequencer numbers densely");
  std::vector<ChainRow>& chain = chains_[block.chain.value];
  if (chain.empty()) {
    CHECK(block.first_seq == 1, "the sequencer refuses gaps in a chain");
  } else {
    CHECK(block.first_seq == chain.back().after.seq + 1, "the sequencer refuses gaps and repeats");
    CHECK(block.previous == chain.back().after.hash, "the sequencer refuses forks");
  }
  chain.push_back({block.first_seq, rows_.size(), {block.last_seq(), chain_hash_after(block)}});
  for (const UnitId unit : block.scope.units()) {
    std::vector<SumRow>& sums = sums_[unit];
    ScopeSum sum = sums.empty() ? ScopeSum{} : sums.back().sum;
    sum.add(block.first, block.last(), fingerprint_of(block.root_after));
    sums.push_back({block.first, sum});
  }
  rows_.push_back({block.first, block.scope, block.chain, encode_stored_block(block)});
  head_.position = block.last();
  head_.root = block.root_after;
}

LogHead MemoryEventLog::head() const { return head_; }

Frontier MemoryEventLog::frontier() const { return frontier_; }

std::size_t MemoryEventLog::first_row_after(Position position) const {
  const auto row = ranges::upper_bound(rows_, position, {}, &Row::first);
  return static_cast<std::size_t>(row - rows_.begin());
}

Result<std::optional<Bytes>> MemoryEventLog::block_at(Position position) const {
  if (position.value == 0 || position > head_.position) return std::nullopt;
  return rows_[first_row_after(position) - 1].encoded;
}

Result<std::optional<Bytes>> MemoryEventLog::next_block(const ReaderScope& reader, Position after,
                                                        Position* scanned_to) const {
  for (std::size_t index = first_row_after(after); index < rows_.size(); ++index) {
    if (!reader.includes(rows_[index].scope)) continue;
    const bool is_last = index + 1 == rows_.size();
    *scanned_to = is_last ? head_.position : Position{rows_[index + 1].first.value - 1};
    return rows_[index].encoded;
  }
  *scanned_to = head_.position;
  return std::nullopt;
}

Result<ChainHead> MemoryEventLog::chain_head(ChainNumber chain) const {
  const auto found = chains_.find(chain.value);
  if (found == chains_.end() || found->second.empty()) return ChainHead{};
  return found->second.back().after;
}

Result<std::optional<Bytes>> MemoryEventLog::block_of(ChainNumber chain, std::uint64_t seq) const {
  const auto found = chains_.find(chain.value);
  if (found == chains_.end()) return std::nullopt;
  const auto row = ranges::lower_bound(found->second, seq, {},
                                       [](const ChainRow& each) { return each.after.seq; });
  if (row == found->second.end() || seq < row->first_seq) return std::nullopt;
  return rows_[row->row].encoded;
}

Result<ScopeSum> MemoryEventLog::scope_sum_at(UnitId unit, Position position) const {
  const auto found = sums_.find(unit);
  if (found == sums_.end()) return ScopeSum{};
  const auto behind = ranges::upper_bound(found->second, position, {}, &SumRow::first);
  return behind == found->second.begin() ? ScopeSum{} : std::prev(behind)->sum;
}

void MemoryEventLog::set_durable(bool durable) { durable_ = durable; }

void MemoryEventLog::sync() { remember_durable(); }

void MemoryEventLog::remember_durable() {
  durable_head_ = head_;
  durable_frontier_ = frontier_;
  durable_rows_ = rows_.size();
}

void MemoryEventLog::lose_unsynced() {
  while (rows_.size() > durable_rows_) {
    chains_[rows_.back().chain.value].pop_back();
    for (const UnitId unit : rows_.back().scope.units()) sums_[unit].pop_back();
    rows_.pop_back();
  }
  head_ = durable_head_;
  frontier_ = durable_frontier_;
}

}  // namespace events
