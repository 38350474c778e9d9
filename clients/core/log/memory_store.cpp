#include "clients/core/log/memory_store.h"

#include "clients/core/log/receipt_store.h"
#include "events/base/check.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Result;

Result<void> MemoryStore::commit(const StoreChange& change) {
  if (failing_)
    return events::Error{events::ErrorCode::device_storage, "the store is made to fail"};
  if (change.branch) content_.branches.insert_or_assign(change.branch->chain, *change.branch);
  if (change.leave_chain) {
    content_.branch_events[change.branch->chain] = std::exchange(content_.own, {});
    content_.cuts.clear();
    content_.signatures.clear();
    content_.receipts.clear();
  }
  if (change.own_upto) {
    CHECK(*change.own_upto <= content_.own.size(), "own events that are forgotten were stored");
    content_.own.resize(*change.own_upto);
  }
  CHECK(change.own.empty() || change.own_first_seq == content_.own.size() + 1,
        "own events continue the stored ones");

  if (change.next_key) {
    content_.next_key.reset();
    if (!change.next_key->is_none()) content_.next_key = change.next_key;
  }
  for (const events::protocol::SignedReceipt& receipt : change.signed_receipts) {
    content_.signed_receipts.insert_or_assign(receipt_key(receipt), receipt);
  }
  if (change.identity) content_.identity = change.identity;
  content_.own.insert(content_.own.end(), change.own.begin(), change.own.end());
  std::erase_if(content_.privates, [&](const auto& row) {
    return events::ranges::count(change.purged_homes, row.second.home) != 0;
  });
  for (const events::Digest& digest : change.erased) content_.privates.erase(digest);
  for (const HomedRecord& kept : change.privates) {
    content_.privates.insert_or_assign(kept.record.digest(), kept);
  }
  content_.cuts.insert(change.cuts.begin(), change.cuts.end());
  for (const BlockSignature& block : change.signatures) {
    content_.signatures.insert_or_assign({block.first_seq, block.last_seq}, block.signature);
  }
  if (change.drop_receipts) content_.receipts.clear();
  for (const events::BlockReceipt& receipt : change.receipts) {
    content_.receipts.insert_or_assign(receipt.first_seq, receipt);
  }
  if (change.drop_foreign) content_.foreign.clear();
  content_.take_snapshot(change);
  for (const ForeignBlock& block : change.foreign) {
    content_.foreign.insert_or_assign(block.first, block.encoded);
  }
  if (change.pull) content_.pull = *change.pull;
  for (const auto& [name, value] : change.settings) content_.settings[name] = value;
  return {};
}

void MemoryStore::Content::take_snapshot(const StoreChange& change) {
  if (change.drop_foreign) {
    base.reset();
    record_names.clear();
  }
  if (change.drop_foreign || change.drop_snapshot_part) part.reset();
  if (change.begun_snapshot) part = SnapshotPart{*change.begun_snapshot, {}, 0};
  if (change.snapshot_chunk) {
    part->chunks.insert_or_assign(change.snapshot_chunk->index, change.snapshot_chunk->bytes);
  }
  if (change.snapshot_records) part->records = *change.snapshot_records;
  for (const RecordName& name : change.record_names) {
    record_names.insert_or_assign(name.event, name.digest);
  }
  if (change.base) base = change.base;
}

Result<std::optional<Identity>> MemoryStore::identity() const { return content_.identity; }

Result<std::vector<OwnEvent>> MemoryStore::own_events() const { return content_.own; }

Result<std::vector<std::uint64_t>> MemoryStore::cuts() const {
  return std::vector<std::uint64_t>(content_.cuts.begin(), content_.cuts.end());
}

Result<std::vector<events::BlockReceipt>> MemoryStore::receipts() const {
  std::vector<events::BlockReceipt> receipts;
  for (const auto& [seq, receipt] : content_.receipts) receipts.push_back(receipt);
  return receipts;
}

Result<std::vector<ForeignBlock>> MemoryStore::foreign_blocks() const {
  std::vector<ForeignBlock> blocks;
  for (const auto& [first, encoded] : content_.foreign) blocks.push_back({first, encoded});
  return blocks;
}

Result<PullState> MemoryStore::pull_state() const { return content_.pull; }

Result<std::optional<SnapshotBase>> MemoryStore::base() const { return content_.base; }

Result<std::optional<SnapshotPart>> MemoryStore::snapshot_part() const { return content_.part; }

Result<std::vector<RecordName>> MemoryStore::record_names() const {
  std::vector<RecordName> names;
  for (const auto& [event, digest] : content_.record_names) names.push_back({event, digest});
  return names;
}

Result<std::optional<events::PrivateRecord>> MemoryStore::private_record(
    const events::Digest& digest) const {
  if (damaged_.contains(digest)) {
    return events::Error{events::ErrorCode::storage_corrupt, "a private record is damaged"};
  }
  const auto found = content_.privates.find(digest);
  if (found == content_.privates.end()) return std::optional<events::PrivateRecord>{};
  return std::optional<events::PrivateRecord>{found->second.record};
}

Result<std::vector<events::UnitId>> MemoryStore::private_homes() const {
  std::set<events::UnitId> homes;
  for (const auto& [digest, kept] : content_.privates) homes.insert(kept.home);
  return std::vector<events::UnitId>(homes.begin(), homes.end());
}

Result<std::vector<events::Digest>> MemoryStore::private_digests() const {
  std::vector<events::Digest> digests;
  for (const auto& [digest, kept] : content_.privates) digests.push_back(digest);
  return digests;
}

Result<std::vector<events::protocol::SignedReceipt>> MemoryStore::signed_receipts() const {
  std::vector<events::protocol::SignedReceipt> receipts;
  for (const auto& [key, receipt] : content_.signed_receipts) receipts.push_back(receipt);
  return receipts;
}

Result<std::vector<Branch>> MemoryStore::branches() const {
  std::vector<Branch> branches;
  for (const auto& [chain, branch] : content_.branches) branches.push_back(branch);
  return branches;
}

Result<std::vector<OwnEvent>> MemoryStore::branch_events(events::ChainNumber chain) const {
  const auto found = content_.branch_events.find(chain);
  if (found == content_.branch_events.end()) return std::vector<OwnEvent>{};
  return found->second;
}

Result<std::optional<DeviceKey>> MemoryStore::next_key() const { return content_.next_key; }

Result<std::optional<events::Signature>> MemoryStore::block_signature(
    std::uint64_t first_seq, std::uint64_t last_seq) const {
  const auto kept = content_.signatures.find({first_seq, last_seq});
  if (kept == content_.signatures.end()) return std::optional<events::Signature>{};
  return std::optional{kept->second};
}

Result<std::optional<std::string>> MemoryStore::setting(const std::string& name) const {
  const auto found = content_.settings.find(name);
  if (found == content_.settings.end()) return std::optional<std::string>{};
  return std::optional<std::string>{found->second};
}

void MemoryStore::set_durable(bool durable) {
  if (durable_ && !durable) durable_content_ = content_;
  durable_ = durable;
}

void MemoryStore::sync() {
  if (!durable_) durable_content_ = content_;
}

void MemoryStore::lose_unsynced() {
  if (!durable_) content_ = durable_content_;
}

}  // namespace clients
