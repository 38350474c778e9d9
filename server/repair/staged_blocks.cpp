#include "server/repair/staged_blocks.h"

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/log/event.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace server {

using events::ByteView;
using events::ChainNumber;
using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::protocol::SignedReceipt;

namespace {

// A key is the kind of the row and what names it, numbers highest byte first.
constexpr char block_row = 'b';    // first position, digest
constexpr char giver_row = 'g';    // chain
constexpr char record_row = 'p';   // digest
constexpr char receipt_row = 'r';  // epoch, chain
constexpr std::size_t row_kind_bytes = 1;

void append_number(std::string& key, std::uint64_t number, int bytes) {
  for (int left = bytes; left > 0; --left) {
    key.push_back(static_cast<char>(number >> (8 * (left - 1)) & 0xFFU));
  }
}

void append_digest(std::string& key, const events::Digest& digest) {
  key.append(digest.bytes.begin(), digest.bytes.end());
}

std::string key_of(const StagedKey& key) {
  std::string text(row_kind_bytes, block_row);
  append_number(text, key.first.value, 8);
  append_digest(text, key.digest);
  return text;
}

std::string key_of_giver(ChainNumber chain) {
  std::string text(row_kind_bytes, giver_row);
  append_number(text, chain.value, 4);
  return text;
}

std::string key_of_record(const events::Digest& digest) {
  std::string text(row_kind_bytes, record_row);
  append_digest(text, digest);
  return text;
}

std::string key_of_receipt(const SignedReceipt& receipt) {
  std::string text(row_kind_bytes, receipt_row);
  append_number(text, receipt.epoch.value, 4);
  append_number(text, receipt.chain.value, 4);
  return text;
}

struct BlockRow {
  std::uint8_t form = 1;
  ChainNumber giver;
  events::Bytes block;  // In plain form.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(form, giver, events::bounded<events::encoded_block_bytes_max>(block));
  }
};

struct RecordRow {
  std::uint8_t form = 1;
  ChainNumber giver;
  events::PrivateRecord record;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(form, giver, record);
  }
};

struct GiverRow {
  std::uint8_t form = 1;
  ChainNumber chain;
  Position given_to;
  bool complete = false;
  std::uint32_t false_blocks{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(form, chain, given_to, complete, false_blocks);
  }
};

events::Bytes row_of(ChainNumber chain, const StagedBlocks::Giver& giver) {
  return events::encode(GiverRow{1, chain, giver.given_to, giver.complete, giver.false_blocks});
}

Error corrupt(const std::string& why) {
  return {ErrorCode::storage_corrupt, "what devices gave back cannot be read: " + why};
}

Error out_of_place() { return corrupt("it stands in another's place"); }

template <class Row>
Result<Row> read(ByteView bytes) {
  Result<Row> row = events::decode<Row>(bytes);
  if (!row) return corrupt(row.error().message);
  if (row->form != 1) return corrupt("another form");
  return row;
}

}  // namespace

std::vector<events::Digest> records_named_by(const events::StoredBlock& block) {
  std::vector<events::Digest> named;
  for (const events::BlockEntry& entry : block.entries) {
    const Result<events::Event> event = events::read_event(entry.canonical);
    if (!event) continue;  // The block will not be proved.
    if (const auto digest = events::private_digest_of(event->payload)) named.push_back(*digest);
  }
  return named;
}

Result<StagedBlocks> StagedBlocks::open(StagingStore& store) {
  StagedBlocks blocks(store);
  const Result<void> read =
      store.each([&](std::string_view key, ByteView row) { return blocks.read_row(key, row); });
  if (!read) return read.error();
  return blocks;
}

Result<void> StagedBlocks::read_row(std::string_view key, ByteView bytes) {
  switch (key.empty() ? '\0' : key.front()) {
    case block_row: {
      const Result<BlockRow> row = read<BlockRow>(bytes);
      if (!row) return row.error();
      const Result<events::StoredBlock> block = events::decode_stored_block(row->block);
      if (!block) return corrupt(block.error().message);
      const StagedKey place{block->first, events::sha256(row->block)};
      if (key_of(place) != key) return out_of_place();
      note(place, {row->giver, block->last(), block->run.has_value(), bytes.size()});
      return {};
    }
    case giver_row: {
      const Result<GiverRow> row = read<GiverRow>(bytes);
      if (!row) return row.error();
      if (key_of_giver(row->chain) != key) return out_of_place();
      Giver& giver = givers_[row->chain];
      giver.given_to = row->given_to;
      giver.complete = row->complete;
      giver.false_blocks = row->false_blocks;
      return {};
    }
    case record_row: {
      const Result<RecordRow> row = read<RecordRow>(bytes);
      if (!row) return row.error();
      if (key_of_record(row->record.digest()) != key) return out_of_place();
      records_.emplace(key, std::pair{row->giver, bytes.size()});
      givers_[row->giver].bytes += bytes.size();
      bytes_ += bytes.size();
      return {};
    }
    case receipt_row: {
      const Result<SignedReceipt> receipt = events::decode<SignedReceipt>(bytes);
      if (!receipt) return corrupt(receipt.error().message);
      if (key_of_receipt(*receipt) != key) return out_of_place();
      note(*receipt);
      return {};
    }
    default:
      return corrupt("a row of another kind");
  }
}

Result<void> StagedBlocks::take(const RepairBatch& repair_batch, Position head) {
  const Giver before = givers_[repair_batch.chain];
  Giver after = before;
  std::size_t all_bytes = bytes_;
  StagingStore::Change change;
  std::vector<Candidate> fresh;
  std::vector<std::pair<std::string, std::size_t>> fresh_records;
  const auto fits = [&](std::size_t bytes) {
    return after.bytes + bytes <= staged_device_bytes_max && all_bytes + bytes <= staged_bytes_max;
  };
  const auto put = [&](std::string key, events::Bytes row) {
    after.bytes += row.size();
    all_bytes += row.size();
    change.puts.emplace_back(std::move(key), std::move(row));
  };

  bool is_full = false;
  for (const events::StoredBlock& block : repair_batch.blocks) {
    if (after.false_blocks >= false_blocks_max) break;
    if (block.first <= after.given_to) continue;  // It came before.
    if (block.last() <= head) {
      after.given_to = block.last();
      continue;
    }
    const events::Bytes encoded = events::encode_stored_block(block);
    const StagedKey key{block.first, events::sha256(encoded)};
    const auto there = places_.find(key.first);
    const bool is_known = there != places_.end() && there->second.contains(key.digest);
    if (!is_known) {
      events::Bytes row = events::encode(BlockRow{1, repair_batch.chain, encoded});
      is_full = !fits(row.size());
      if (is_full) break;
      fresh.push_back({key, {repair_batch.chain, block.last(), block.run.has_value(), row.size()}});
      put(key_of(key), std::move(row));
    }
    after.given_to = block.last();
  }
  for (const events::PrivateRecord& record : repair_batch.records) {
    std::string record_key = key_of_record(record.digest());
    if (after.false_blocks >= false_blocks_max || records_.contains(record_key)) continue;
    events::Bytes row = events::encode(RecordRow{1, repair_batch.chain, record});
    if (!fits(row.size())) continue;  // The event counts without it.
    fresh_records.emplace_back(record_key, row.size());
    put(std::move(record_key), std::move(row));
  }
  after.complete = before.complete || (repair_batch.end.complete && !is_full);
  change.puts.emplace_back(key_of_giver(repair_batch.chain), row_of(repair_batch.chain, after));
  if (Result<void> written = store_->write(change); !written) return written;

  // note() counts the bytes.
  Giver& giver = givers_[repair_batch.chain];
  giver.given_to = after.given_to;
  giver.complete = after.complete;
  for (const Candidate& each : fresh) note(each.key, each.place);
  for (const auto& [key, bytes] : fresh_records) {
    if (!records_.emplace(key, std::pair{repair_batch.chain, bytes}).second) continue;
    giver.bytes += bytes;
    bytes_ += bytes;
  }
  return {};
}

Result<void> StagedBlocks::prove(const SignedReceipt& receipt) {
  const auto same = std::ranges::find_if(proofs_, [&](const SignedReceipt& known) {
    return known.epoch == receipt.epoch && known.chain == receipt.chain;
  });
  if (same != proofs_.end() && same->position >= receipt.position) return {};
  StagingStore::Change change;
  change.puts.emplace_back(key_of_receipt(receipt), events::encode(receipt));
  if (Result<void> written = store_->write(change); !written) return written;
  note(receipt);
  return {};
}

void StagedBlocks::note(const SignedReceipt& receipt) {
  const auto same = std::ranges::find_if(proofs_, [&](const SignedReceipt& known) {
    return known.epoch == receipt.epoch && known.chain == receipt.chain;
  });
  if (same == proofs_.end()) {
    proofs_.push_back(receipt);
  } else {
    *same = receipt;
  }
}

void StagedBlocks::note(const StagedKey& key, const Place& place) {
  places_[key.first].emplace(key.digest, place);
  givers_[place.giver].bytes += place.bytes;
  bytes_ += place.bytes;
}

void StagedBlocks::forget(const StagedKey& key) {
  const auto at = places_.find(key.first);
  CHECK(at != places_.end(), "only what waits is forgotten");
  const auto found = at->second.find(key.digest);
  givers_[found->second.giver].bytes -= found->second.bytes;
  bytes_ -= found->second.bytes;
  at->second.erase(found);
  if (at->second.empty()) places_.erase(at);
}

std::vector<StagedBlocks::Candidate> StagedBlocks::candidates(Position first) const {
  std::vector<Candidate> found;
  const auto at = places_.find(first);
  if (at == places_.end()) return found;
  for (const auto& [digest, place] : at->second) found.push_back({{first, digest}, place});
  std::ranges::sort(found, std::greater{}, [this](const Candidate& each) {
    const bool was_honest = givers_.at(each.place.giver).false_blocks == 0;
    return std::tuple(each.place.last, each.place.is_signed, was_honest);
  });
  return found;
}

Result<events::StoredBlock> StagedBlocks::block(const StagedKey& key) const {
  const Result<std::optional<events::Bytes>> bytes = store_->get(key_of(key));
  if (!bytes) return bytes.error();
  if (!*bytes) return corrupt("a block is gone");
  const Result<BlockRow> row = read<BlockRow>(**bytes);
  if (!row) return row.error();
  Result<events::StoredBlock> block = events::decode_stored_block(row->block);
  if (!block) return corrupt(block.error().message);
  return block;
}

Result<std::optional<events::PrivateRecord>> StagedBlocks::record(
    const events::Digest& digest) const {
  const Result<std::optional<events::Bytes>> bytes = store_->get(key_of_record(digest));
  if (!bytes) return bytes.error();
  if (!*bytes) return std::optional<events::PrivateRecord>{};
  Result<RecordRow> row = read<RecordRow>(**bytes);
  if (!row) return row.error();
  return std::optional{std::move(row->record)};
}

Result<void> StagedBlocks::reject(const StagedKey& key) {
  const ChainNumber chain = places_.at(key.first).at(key.digest).giver;
  Giver judged = givers_[chain];
  ++judged.false_blocks;
  StagingStore::Change change;
  change.erased.push_back(key_of(key));
  change.puts.emplace_back(key_of_giver(chain), row_of(chain, judged));
  if (Result<void> written = store_->write(change); !written) return written;
  forget(key);
  givers_[chain].false_blocks = judged.false_blocks;
  return {};
}

Result<void> StagedBlocks::forget_to(Position head) {
  StagingStore::Change change;
  std::vector<StagedKey> gone;
  for (const auto& [first, candidates] : places_) {
    if (first > head) break;
    for (const auto& [digest, place] : candidates) {
      gone.push_back({first, digest});
      change.erased.push_back(key_of(gone.back()));
    }
  }
  if (gone.empty()) return {};
  if (Result<void> written = store_->write(change); !written) return written;
  for (const StagedKey& key : gone) forget(key);
  return {};
}

Result<void> StagedBlocks::clear() {
  StagingStore::Change change;
  const Result<void> listed = store_->each([&](std::string_view key, ByteView) -> Result<void> {
    change.erased.emplace_back(key);
    return {};
  });
  if (!listed) return listed;
  if (Result<void> written = store_->write(change); !written) return written;
  places_.clear();
  givers_.clear();
  proofs_.clear();
  records_.clear();
  bytes_ = 0;
  return {};
}

}  // namespace server
