#include "server/repair/repair.h"

#include "events/base/check.h"
#include "server/repair/proved_path.h"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::protocol::Reconcile;
using events::protocol::SignedReceipt;

namespace {

/// Whether the log says already that it was restored: only the mark is left.
Result<bool> is_concluded(const events::EventLog& log) {
  const events::LogHead head = log.head();
  const Result<events::ChainHead> system = log.chain_head(events::system_chain);
  if (!system) return system.error();
  for (std::uint64_t seq = system->seq; seq > 0;) {
    const Result<std::optional<events::Bytes>> encoded = log.block_of(events::system_chain, seq);
    if (!encoded) return encoded.error();
    if (!*encoded) break;
    const Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    if (block->epoch < head.epoch) break;  // From before the restoring.
    const Result<std::vector<events::StoredEvent>> events = events::stored_events(*block);
    if (!events) return events.error();
    for (const events::StoredEvent& stored : *events) {
      if (std::holds_alternative<events::LogRestored>(stored.event.payload)) return true;
    }
    seq = block->first_seq - 1;
  }
  return false;
}

}  // namespace

Result<Repair> Repair::begin(Parts parts) {
  Result<StagedBlocks> staged = StagedBlocks::open(parts.store);
  if (!staged) return staged.error();
  const Result<bool> concluded = is_concluded(parts.pipeline.log());
  if (!concluded) return concluded.error();
  Result<MissingRecords> missing = MissingRecords::find(
      parts.pipeline.log(), parts.pipeline.private_store(), parts.restored.position);
  if (!missing) return missing.error();
  Repair repair(std::move(parts), std::move(*staged), std::move(*missing));
  if (*concluded) {
    if (auto cleared = repair.staged_.clear(); !cleared) return cleared.error();
    if (auto ended = repair.parts_.end_mark(); !ended) return ended.error();
    return repair;
  }
  repair.parts_.pipeline.set_repair(true);
  return repair;
}

Result<Reconcile> Repair::take(RepairBatch repair_batch, events::Timestamp now) {
  Reconcile answer;
  if (!is_under_way()) {
    answer.head = head();
    answer.complete = true;
    return answer;
  }
  if (auto proved = take_receipts(repair_batch); !proved) return proved.error();
  if (repair_batch.is_question()) {
    answer.head = first_wanted(repair_batch);
    return answer;
  }
  if (auto taken = take_records(repair_batch); !taken) return taken.error();
  if (auto taken = staged_.take(repair_batch, head()); !taken) return taken.error();
  if (repair_batch.end.complete) {
    if (may_insert()) {
      if (auto inserted = insert_proved(); !inserted) return inserted.error();
    }
    if (is_whole()) {
      if (auto ended = end(now); !ended) return ended.error();
    }
  }
  answer.head = is_under_way() ? std::max(parts_.restored.position,
                                          staged_.givers().at(repair_batch.chain).given_to)
                               : head();
  answer.complete = !is_under_way();
  return answer;
}

Result<void> Repair::take_receipts(const RepairBatch& repair_batch) {
  const events::LogHead log = parts_.pipeline.log().head();
  bool knows_the_chain = parts_.pipeline.state().access().device_of(repair_batch.chain) != nullptr;
  for (const SignedReceipt& receipt : repair_batch.end.receipts) {
    if (receipt.log != log.log) return Error{ErrorCode::wrong_log, "a receipt of another log"};
    if (!is_authentic(receipt, parts_.pipeline.server_key())) {
      return Error{ErrorCode::bad_signature, "a receipt that this log did not sign"};
    }
    knows_the_chain = knows_the_chain || receipt.chain == repair_batch.chain;
    const bool is_of_what_was_lost = receipt.epoch < log.epoch &&
                                     receipt.epoch >= parts_.restored.epoch &&
                                     receipt.position > parts_.restored.position;
    if (!is_of_what_was_lost) continue;
    if (auto kept = staged_.prove(receipt); !kept) return kept;
  }
  knows_the_chain = knows_the_chain || std::ranges::any_of(staged_.proofs(), [&](const auto& each) {
                      return each.chain == repair_batch.chain;
                    });
  if (knows_the_chain) return {};
  // Its enrolment may come back with what others give.
  return Error{ErrorCode::busy, "the log does not know this chain yet, and nothing proves it"};
}

Position Repair::first_wanted(const RepairBatch& repair_batch) const {
  const events::EventLog& log = parts_.pipeline.log();
  const auto& samples = repair_batch.end.samples;
  const auto beyond =
      std::ranges::upper_bound(samples, head(), {}, &events::protocol::LogSample::position);
  if (beyond != samples.begin()) {
    const events::protocol::LogSample& last = *std::prev(beyond);
    const Result<std::uint64_t> fingerprint = events::fingerprint_at(log, last.position);
    // It knows another history: nothing that it has follows this one.
    if (!fingerprint || *fingerprint != last.fingerprint) return repair_batch.end.head;
  }
  const auto giver = staged_.givers().find(repair_batch.chain);
  const Position given = giver == staged_.givers().end() ? Position{} : giver->second.given_to;
  return std::max(parts_.restored.position, given);
}

Result<void> Repair::take_records(RepairBatch& repair_batch) {
  const std::vector<events::PrivateRecord> wanted = missing_.wanted(repair_batch.records);
  if (auto stored = parts_.pipeline.store_private(wanted); !stored) return stored;
  missing_.forget(wanted);
  Result<void> read;
  std::erase_if(repair_batch.records, [&](const events::PrivateRecord& record) {
    const Result<bool> is_here = parts_.pipeline.private_store().contains(record.digest());
    if (!is_here) read = is_here.error();
    return is_here && *is_here;
  });
  return read;
}

Result<void> Repair::insert_proved() {
  for (;;) {
    const Result<std::vector<StagedKey>> path =
        find_proved_path(staged_, parts_.pipeline.log().frontier());
    if (!path) return path.error();
    if (path->empty()) return {};
    // Ends: each time blocks leave the staging area, inserted or rejected.
    if (auto inserted = insert(*path); !inserted) return inserted;
  }
}

Result<void> Repair::insert(const std::vector<StagedKey>& path) {
  for (std::size_t done = 0; done < path.size();) {
    const std::size_t end = std::min(path.size(), done + repaired_blocks_max);
    std::vector<events::StoredBlock> blocks;
    for (std::size_t index = done; index < end; ++index) {
      Result<events::StoredBlock> block = staged_.block(path[index]);
      if (!block) return block.error();
      blocks.push_back(std::move(*block));
    }
    if (auto stored = store_records_of(blocks); !stored) return stored;
    const Result<Pipeline::Repaired> repaired = parts_.pipeline.repair(blocks);
    if (!repaired) return repaired.error();
    if (repaired->refused) {
      if (auto rejected = staged_.reject(path[done + *repaired->refused]); !rejected)
        return rejected;
    }
    if (auto noted = missing_.note({blocks.data(), repaired->blocks}); !noted) return noted;
    if (auto forgotten = staged_.forget_to(head()); !forgotten) return forgotten;
    if (repaired->refused) return {};
    done += repaired->blocks;
  }
  return {};
}

Result<void> Repair::store_records_of(const std::vector<events::StoredBlock>& blocks) {
  std::vector<events::PrivateRecord> records;
  for (const events::StoredBlock& block : blocks) {
    for (const events::Digest& digest : records_named_by(block)) {
      Result<std::optional<events::PrivateRecord>> record = staged_.record(digest);
      if (!record) return record.error();
      if (*record) records.push_back(std::move(**record));
    }
  }
  return parts_.pipeline.store_private(records);
}

bool Repair::may_insert() const {
  const events::Epoch lost{parts_.pipeline.log().head().epoch.value - 1};
  return all_have_come() || std::ranges::any_of(staged_.proofs(), [&](const auto& receipt) {
           return receipt.epoch == lost;
         });
}

bool Repair::is_whole() const { return proved_head(staged_) <= head() && all_have_come(); }

bool Repair::all_have_come() const {
  const auto& givers = staged_.givers();
  for (const projections::Device& device : parts_.pipeline.state().access().devices()) {
    const auto giver = givers.find(device.chain);
    const bool has_come = giver != givers.end() && giver->second.complete;
    if (!device.revoked && !has_come) return false;
  }
  return true;
}

Result<void> Repair::keep_unproved_records() {
  std::vector<events::StoredBlock> blocks;
  for (const auto& [first, candidates] : staged_.places()) {
    for (const auto& [digest, place] : candidates) {
      Result<events::StoredBlock> block = staged_.block({first, digest});
      if (!block) return block.error();
      blocks.push_back(std::move(*block));
      if (blocks.size() < repaired_blocks_max) continue;
      if (auto stored = store_records_of(blocks); !stored) return stored;
      blocks.clear();
    }
  }
  return store_records_of(blocks);
}

Result<void> Repair::end(events::Timestamp now) {
  if (auto kept = keep_unproved_records(); !kept) return kept;
  if (auto said = parts_.pipeline.conclude_repair(parts_.restored, now); !said) return said;
  if (auto cleared = staged_.clear(); !cleared) return cleared;
  if (auto ended = parts_.end_mark(); !ended) return ended;
  if (parts_.on_end) parts_.on_end();
  return {};
}

RepairReport Repair::report() const {
  if (is_under_way()) {
    RepairReport report = report_of(parts_.pipeline, staged_, parts_.restored);
    report.missing_records = missing_.size();
    return report;
  }
  RepairReport over;
  over.restored = parts_.restored;
  over.head = parts_.pipeline.log().head();
  return over;
}

Result<RepairReport> Repair::finish(bool give_up, events::Timestamp now) {
  if (!is_under_way()) return report();
  if (!give_up && !staged_.proofs().empty() && !may_insert()) {
    return Error{ErrorCode::not_permitted,
                 "only receipts from before an earlier restoring have come, and a device that has "
                 "not come may have later ones; see heal, wait for the devices, or add --give-up"};
  }
  // Nobody else will show a later history.
  if (auto inserted = insert_proved(); !inserted) return inserted.error();
  RepairReport before = report();
  if (before.given_up() > 0 && !give_up) {
    return Error{ErrorCode::not_permitted,
                 "receipts prove " + std::to_string(before.given_up()) +
                     " events behind position " + std::to_string(before.head.position.value) +
                     " that have not come; see heal, wait for the devices, or add --give-up"};
  }
  if (auto ended = end(now); !ended) return ended.error();
  before.is_under_way = false;
  return before;
}

}  // namespace server
