#include "clients/core/sync/repair_sender.h"

#include "events/base/ranges.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Position;
using events::Result;
using events::StoredBlock;
namespace protocol = events::protocol;

namespace {

/// When a batch has so many bytes it ends; with the block that went beyond and its private
/// records it is still within protocol::recovered_bytes_max.
constexpr std::size_t repair_batch_bytes = 24 * 1024;
/// With the records of live blocks without proof; one block more is still within it.
constexpr std::size_t loose_bytes = protocol::recovered_bytes_max / 2;
/// Private records in one frame: well below protocol::frame_bytes_max.
constexpr std::size_t private_bytes_per_frame = 14 * 1024;

std::size_t size_of(const events::PrivateRecord& record) {
  return record.salt.size() + record.bytes.size();
}

void append_records(std::vector<events::PrivateRecord> records, RepairSender::Frames& frames) {
  protocol::PrivateRecords frame;
  std::size_t bytes = 0;
  for (events::PrivateRecord& record : records) {
    const std::size_t size = size_of(record) + 8;
    if (bytes + size > private_bytes_per_frame ||
        frame.records.size() == protocol::private_records_max) {
      frames.push_back(std::exchange(frame, {}));
      bytes = 0;
    }
    bytes += size;
    frame.records.push_back(std::move(record));
  }
  if (!frame.records.empty()) frames.push_back(std::move(frame));
}

}  // namespace

protocol::Reconcile RepairSender::question() const {
  protocol::Reconcile question;
  question.samples = samples();
  if (!question.samples.empty()) question.head = question.samples.back().position;
  question.receipts = replica_.receipt_store().all();
  // In order of their epochs: the newest say most.
  const std::size_t count = std::min(question.receipts.size(), protocol::signed_receipts_max);
  question.receipts.erase(question.receipts.begin(),
                          question.receipts.end() - static_cast<std::ptrdiff_t>(count));
  return question;
}

std::vector<protocol::LogSample> RepairSender::samples() const {
  std::vector<protocol::LogSample> ends;
  for (const auto& [first, block] : replica_.foreign()) {
    if (!replica_.is_proved(first)) continue;
    ends.push_back({block.last(), events::fingerprint_of(block.root_after)});
  }
  for (const auto& [seq, receipt] : replica_.own().receipts()) {
    ends.push_back({receipt.last(), events::fingerprint_of(receipt.root_after)});
  }
  events::ranges::sort(ends, {}, &protocol::LogSample::position);

  // The last ones, then ever further apart: what was lost is mostly the end.
  std::vector<protocol::LogSample> samples;
  std::size_t back = 1;
  for (std::size_t step = 1; back <= ends.size() && samples.size() < protocol::log_samples_max;) {
    samples.push_back(ends[ends.size() - back]);
    back += step;
    if (samples.size() >= protocol::log_samples_max / 2) step *= 2;
  }
  events::ranges::reverse(samples);
  return samples;
}

Result<void> RepairSender::add_blocks_above(Position after, std::size_t count,
                                            std::vector<StoredBlock>& blocks) const {
  const auto& foreign = replica_.foreign();
  const auto& receipts = replica_.own().receipts();
  auto theirs = foreign.upper_bound(after);
  auto ours =
      events::ranges::find_if(receipts, [&](const auto& row) { return row.second.first > after; });
  Result<void> all;
  while (blocks.size() < count) {
    // A live block without proof is left to its author and to readers that have the proof.
    while (theirs != foreign.end() && !replica_.is_proved(theirs->first)) ++theirs;
    const bool has_theirs = theirs != foreign.end();
    const bool has_ours = ours != receipts.end();
    if (!has_theirs && !has_ours) break;
    if (has_theirs && (!has_ours || theirs->first < ours->second.first)) {
      blocks.push_back(theirs++->second);
    } else {
      Result<StoredBlock> own = replica_.own().stored_block(ours++->second);
      if (!own) all = own.error();
      blocks.push_back(own ? std::move(*own) : StoredBlock{});
    }
  }
  return all;
}

Result<void> RepairSender::add_record_of(events::ByteView canonical,
                                         std::vector<events::PrivateRecord>& records) const {
  const Result<events::Event> event = events::read_event(canonical);
  if (!event) return {};  // Of a newer build; the bytes go as they are.
  const auto digest = events::private_digest_of(event->payload);
  if (!digest) return {};
  Result<std::optional<events::PrivateRecord>> record = replica_.store().private_record(*digest);
  // Damaged is as good as gone: others may have it.
  if (!record && record.error().code == events::ErrorCode::storage_corrupt) return {};
  if (!record) return record.error();
  if (*record) records.push_back(std::move(**record));
  return {};
}

Result<std::vector<events::PrivateRecord>> RepairSender::records_of(
    const StoredBlock& block) const {
  std::vector<events::PrivateRecord> records;
  for (const events::BlockEntry& entry : block.entries) {
    if (Result<void> added = add_record_of(entry.canonical, records); !added) return added.error();
  }
  return records;
}

Result<void> RepairSender::append_unanswered(std::size_t bytes, Frames& frames) {
  std::vector<events::PrivateRecord> records;
  while (has_unanswered() && bytes < repair_batch_bytes) {
    const std::size_t before = records.size();
    const events::Bytes& canonical = replica_.own().entry(next_unanswered_++).event.canonical;
    if (Result<void> added = add_record_of(canonical, records); !added) return added;
    if (records.size() > before) bytes += size_of(records.back());
  }
  // A live block without proof is left to others; who has its names may be this device alone.
  for (const auto& [first, block] : replica_.foreign()) {
    if (has_unanswered() || loose_are_out_) break;
    if (replica_.is_proved(first) || bytes > loose_bytes) continue;
    for (const events::BlockEntry& entry : block.entries) {
      const std::size_t before = records.size();
      if (Result<void> added = add_record_of(entry.canonical, records); !added) return added;
      if (records.size() > before) bytes += size_of(records.back());
    }
  }
  loose_are_out_ = !has_unanswered();
  append_records(std::move(records), frames);
  return {};
}

Result<RepairSender::Frames> RepairSender::repair_batch(Position after) {
  const Position begin = server_decides_ ? after : given_to_;
  // One more, to know whether there is more.
  std::vector<StoredBlock> blocks;
  const auto found = add_blocks_above(begin, protocol::recovered_blocks_max + 1, blocks);
  if (!found) return found.error();
  // It was given them, and does not go on: it has no room, or does not believe this device.
  const bool is_unwanted = server_decides_ && given_from_ == after;
  // An answer to a batch without blocks says nothing new about them.
  given_from_ = given_to_ = begin;
  Frames frames;
  protocol::Reconcile end;
  end.head = given_to_;
  std::size_t bytes = 0;
  std::size_t given = 0;
  server_decides_ = false;
  while (given < blocks.size() && given < protocol::recovered_blocks_max &&
         bytes < repair_batch_bytes) {
    const StoredBlock& block = blocks[given];
    Result<std::vector<events::PrivateRecord>> records = records_of(block);
    if (!records) return records.error();
    end.head = block.last();
    ++given;
    if (block.last() <= repaired_to_ && records->empty()) continue;
    for (const events::PrivateRecord& record : *records) bytes += size_of(record);
    append_records(std::move(*records), frames);
    frames.push_back(protocol::Recover{events::pack_block(block)});
    server_decides_ = true;
    bytes += std::get<protocol::Recover>(frames.back()).block.size();
  }
  given_to_ = end.head;
  if (given == blocks.size()) {
    if (Result<void> added = append_unanswered(bytes, frames); !added) return added.error();
  }
  const bool is_all = given == blocks.size() && !has_unanswered();
  end.complete = is_all && (frames.empty() || is_unwanted);
  is_over_ = end.complete || is_unwanted;
  frames.push_back(std::move(end));
  return frames;
}

}  // namespace clients
