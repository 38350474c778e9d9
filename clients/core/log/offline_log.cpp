#include "clients/core/log/offline_log.h"

#include "events/archive/compact.h"
#include "events/base/check.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::BlockReceipt;
using events::Error;
using events::ErrorCode;
using events::Result;

Result<OfflineLog> OfflineLog::load(const ClientStore& store, const Identity& identity) {
  OfflineLog log;
  log.log_ = identity.log;
  log.chain_ = identity.chain;
  log.store_ = &store;
  log.signer_ = store.signer_of(identity.key());
  log.start_ = events::chain_start(identity.chain,
                                   log.signer_ ? log.signer_->public_key() : identity.locked_key);

  const Result<std::vector<OwnEvent>> own = store.own_events();
  if (!own) return own.error();
  events::Digest hash = log.start_;
  for (const OwnEvent& stored : *own) {
    Result<events::Event> event = events::read_event(stored.canonical);
    if (!event) return Error{ErrorCode::storage_corrupt, "own event: " + event.error().message};
    const events::EventId expected{identity.chain, log.entries_.size() + 1};
    if (event->id() != expected) {
      return Error{ErrorCode::storage_corrupt, "own event does not continue the chain"};
    }
    hash = events::chain_next(hash, stored.canonical);
    log.entries_.push_back({std::move(*event), stored.scope, stored.content, hash});
  }

  const Result<std::vector<BlockReceipt>> receipts = store.receipts();
  if (!receipts) return receipts.error();
  const Result<std::vector<BlockReceipt>> in_order = log.new_receipts(*receipts);
  if (!in_order) return Error{ErrorCode::storage_corrupt, in_order.error().message};
  for (const BlockReceipt& receipt : *in_order) log.take_receipt(receipt);

  const Result<std::vector<std::uint64_t>> cuts = store.cuts();
  if (!cuts) return cuts.error();
  log.take_cuts(*cuts);
  return log;
}

events::ChainHead OfflineLog::head() const { return {entries_.size(), hash_at(entries_.size())}; }

const events::Digest& OfflineLog::hash_at(std::uint64_t seq) const {
  CHECK(seq <= entries_.size(), "callers ask within the chain");
  return seq == 0 ? start_ : entries_[seq - 1].hash_after;
}

const OwnEntry& OfflineLog::entry(std::uint64_t seq) const {
  CHECK(seq >= 1 && seq <= entries_.size(), "callers ask within the chain");
  return entries_[seq - 1];
}

void OfflineLog::append(std::span<const OwnEntry> entries) {
  for (const OwnEntry& entry : entries) {
    CHECK(entry.event.header.seq == entries_.size() + 1, "own events come in order of their seq");
    entries_.push_back(entry);
    entries_.back().hash_after =
        events::chain_next(hash_at(entries_.size() - 1), entry.event.canonical);
  }
}

bool OfflineLog::is_known(const BlockReceipt& receipt) const {
  const auto known = receipts_.find(receipt.first_seq);
  return known != receipts_.end() && events::encode(known->second) == events::encode(receipt);
}

Result<std::vector<BlockReceipt>> OfflineLog::new_receipts(
    std::span<const BlockReceipt> receipts) const {
  std::vector<BlockReceipt> fresh;
  std::uint64_t known = verdicts_known_;
  events::Position last;
  if (!receipts_.empty()) last = receipts_.rbegin()->second.last();
  for (const BlockReceipt& receipt : receipts) {
    if (receipt.entries.empty() || receipt.first_seq == 0 || receipt.last_seq() > entries_.size()) {
      return Error{ErrorCode::malformed, "a receipt for events this device never made"};
    }
    if (receipt.last_seq() <= verdicts_known_) {
      if (is_known(receipt)) continue;
      return Error{ErrorCode::malformed, "a receipt differs from the one given before"};
    }
    if (receipt.first_seq > known + 1) {
      return Error{ErrorCode::gap, "receipts before this one are missing"};
    }
    if (receipt.first_seq <= known || receipt.first <= last) {
      return Error{ErrorCode::malformed, "a receipt overlaps the one before"};
    }
    known = receipt.last_seq();
    last = receipt.last();
    fresh.push_back(receipt);
  }
  return fresh;
}

void OfflineLog::take_receipt(const BlockReceipt& receipt) {
  verdicts_known_ = receipt.last_seq();
  receipts_.insert_or_assign(receipt.first_seq, receipt);
}

void OfflineLog::drop_receipts() {
  receipts_.clear();
  verdicts_known_ = 0;
}

std::optional<events::StoredEvent> OfflineLog::stored(std::uint64_t seq) const {
  if (seq == 0 || seq > verdicts_known_) return std::nullopt;
  const BlockReceipt& receipt = std::prev(receipts_.upper_bound(seq))->second;
  const std::uint64_t index = seq - receipt.first_seq;
  const BlockReceipt::Entry& entry = receipt.entries[index];
  return events::StoredEvent{events::Position{receipt.first.value + index}, receipt.received_at,
                             entry.intake, entries_[seq - 1].event, entry.verdict};
}

const events::ScopeSet& OfflineLog::scope_in_log(std::uint64_t seq) const {
  CHECK(seq > 0 && seq <= verdicts_known_, "the log has said where the event stands");
  return std::prev(receipts_.upper_bound(seq))->second.scope;
}

const Signer& OfflineLog::signer() const {
  CHECK(signer_ != nullptr, "callers ask a device that is not locked");
  return *signer_;
}

Result<events::Signature> OfflineLog::signature_of(std::uint64_t first_seq,
                                                   std::uint64_t last_seq) const {
  if (!signer().is_repeatable()) {
    const auto kept = store_->block_signature(first_seq, last_seq);
    if (!kept) return kept.error();
    if (*kept) return **kept;
  }
  return signer().sign(
      events::block_statement(log_, chain_, first_seq, last_seq, hash_at(last_seq)));
}

Result<events::StoredBlock> OfflineLog::stored_block(const BlockReceipt& receipt) const {
  events::StoredBlock block{.log = log_,
                            .epoch = receipt.epoch,
                            .first = receipt.first,
                            .received_at = receipt.received_at,
                            .chain = chain_,
                            .first_seq = receipt.first_seq,
                            .previous = hash_at(receipt.first_seq - 1),
                            .scope = receipt.scope,
                            .run = std::nullopt,
                            .root_after = receipt.root_after,
                            .entries = {}};
  for (std::size_t index = 0; index < receipt.entries.size(); ++index) {
    const BlockReceipt::Entry& entry = receipt.entries[index];
    block.entries.push_back(
        {entry.intake, entries_[receipt.first_seq - 1 + index].event.canonical, entry.verdict});
  }
  if (receipt.run_first_seq == 0) return block;
  const auto signature = signature_of(receipt.run_first_seq, receipt.last_seq());
  if (!signature) return signature.error();
  block.run = events::RunSignature{receipt.run_first_seq, *signature};
  return block;
}

std::uint64_t OfflineLog::end_of_block(std::uint64_t first_seq) const {
  const auto cut_before = cuts_.lower_bound(first_seq);
  if (cut_before != cuts_.end() && *cut_before <= entries_.size()) return *cut_before;

  std::uint64_t last = first_seq;
  std::size_t bytes = entries_[first_seq - 1].event.canonical.size();
  while (last < entries_.size() && last - first_seq + 1 < events::block_events_max) {
    const OwnEntry& next = entries_[last];
    bytes += next.event.canonical.size();
    if (bytes > events::block_bytes_max || !(next.scope == entries_[first_seq - 1].scope)) break;
    ++last;
  }
  return last;
}

Result<std::vector<events::DeviceBlock>> OfflineLog::cut(
    std::uint64_t first_seq, std::uint64_t last_seq, std::size_t blocks_max,
    std::vector<std::uint64_t>* new_cuts) const {
  std::vector<events::DeviceBlock> blocks;
  std::optional<Error> unsigned_yet;
  last_seq = std::min<std::uint64_t>(last_seq, entries_.size());
  while (first_seq >= 1 && first_seq <= last_seq && blocks.size() < blocks_max) {
    const std::uint64_t last = std::min(end_of_block(first_seq), last_seq);
    if (!cuts_.contains(last)) new_cuts->push_back(last);
    std::vector<events::Bytes> run;
    for (std::uint64_t seq = first_seq; seq <= last; ++seq) {
      run.push_back(entries_[seq - 1].event.canonical);
    }
    const Result<events::Signature> signature = signature_of(first_seq, last);
    if (!signature) unsigned_yet = signature.error();
    blocks.push_back({log_, chain_, first_seq, hash_at(first_seq - 1),
                      signature ? *signature : events::Signature{}, std::move(run)});
    first_seq = last + 1;
  }
  if (unsigned_yet) return *unsigned_yet;
  return blocks;
}

std::uint64_t OfflineLog::first_of_act(std::uint64_t seq) const {
  const events::EventHeader& last = entry(seq).event.header;
  for (; seq > 1; --seq) {
    const events::EventHeader& before = entry(seq - 1).event.header;
    if (before.recorded_at != last.recorded_at || before.actor != last.actor) break;
  }
  return seq;
}

void OfflineLog::take_cuts(std::span<const std::uint64_t> cuts) {
  cuts_.insert(cuts.begin(), cuts.end());
}

}  // namespace clients
