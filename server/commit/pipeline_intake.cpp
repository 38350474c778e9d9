#include "server/commit/intake.h"
#include "server/commit/pipeline.h"

#include <utility>

// What a pipeline finds out about runs before it stores or judges anything: whether they will be
// taken, within the quota of their device, and which private records they name.

namespace server {

using events::ChainHead;
using events::Error;
using events::ErrorCode;
using events::Result;

std::vector<Result<Pipeline::Looked>> Pipeline::look_at(std::span<const PushedRun> runs,
                                                        const Batch& batch, NamedRecords& named) {
  std::vector<Result<Looked>> looked;
  looked.reserve(runs.size());
  for (std::size_t index = 0; index < runs.size(); ++index) {
    std::vector<const PushedRun*> before;
    for (std::size_t earlier = 0; earlier < index; ++earlier) {
      const bool is_of_chain = runs[earlier].chain == runs[index].chain;
      if (is_of_chain && looked[earlier]) before.push_back(&runs[earlier]);
    }
    looked.push_back(look_at(before, runs[index], batch, named));
  }
  return looked;
}

Result<Pipeline::Looked> Pipeline::look_at(std::span<const PushedRun* const> before,
                                           const PushedRun& run, const Batch& batch,
                                           NamedRecords& named) {
  const projections::Device* const device = state_.access().device_of(run.chain);
  if (device == nullptr || run.log != log_.head().log) {
    return Error{ErrorCode::not_enrolled, "the log does not know this chain"};
  }
  if (auto allowed = check_refused(run.chain); !allowed) return allowed.error();
  const Result<ChainHead*> stored = head_of(*device);
  if (!stored) return stored.error();
  ChainHead head = **stored;
  for (const PushedRun* const earlier : before) {
    if (earlier->last_seq() > head.seq) head = {earlier->last_seq(), earlier->hashes.back()};
  }
  const auto hash_at = [&](std::uint64_t seq) -> Result<events::Digest> {
    for (const PushedRun* const earlier : before) {
      const bool knows = earlier->first_seq <= seq + 1 && seq <= earlier->last_seq();
      if (knows) return earlier->hash_after(seq);
    }
    return stored_hash_at(log_, run.chain, seq);
  };
  const Result<std::size_t> known = count_known(run, head, hash_at);
  if (!known) return known.error();
  Looked looked;
  looked.known = *known;
  if (looked.known == run.events.size()) {
    named.take(run, looked.known);
    return looked;  // It is answered as it was before.
  }

  looked.cost = cost_of(run, looked.known);
  if (auto may = quotas_.check(state_.access(), run.chain, looked.cost, batch.received_at); !may) {
    return may.error();
  }
  Result<std::vector<events::Intake>> intakes = intake_of(run, looked.known, named, batch.now);
  if (!intakes) return intakes.error();
  looked.intakes = std::move(*intakes);
  named.take(run, looked.known);
  quotas_.charge(state_.access(), run.chain, looked.cost, batch.received_at);
  return looked;
}

Result<void> Pipeline::park_with_records(const PushedRun& run, events::Timestamp received_at) {
  QuotaUse cost;
  cost.parked_runs = 1;
  cost.private_bytes = record_bytes_of(run);
  if (auto may = quotas_.check(state_.access(), run.chain, cost, received_at); !may) return may;
  NamedRecords named(private_store_);
  named.take(run, 0);
  if (auto stored = store_private(named.records()); !stored) return stored;
  if (auto parked = parked_->park(run); !parked) return parked;
  quotas_.charge(state_.access(), run.chain, cost, received_at);
  return {};
}

Result<void> Pipeline::rebuild_quotas() {
  quotas_.clear();
  const events::Day today = events::day_in_vietnam(last_received_at_);
  for (events::Position last = log_.head().position; last.value > 0;) {
    const Result<std::optional<events::Bytes>> encoded = log_.block_at(last);
    if (!encoded) return encoded.error();
    if (!*encoded) return Error{ErrorCode::storage_corrupt, "a block of the log's end is gone"};
    Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    if (events::day_in_vietnam(block->received_at) != today) return {};
    last = events::Position{block->first.value - 1};
    if (block->chain == events::system_chain) continue;
    const events::ScopeSet scope = block->scope;
    const events::Timestamp received_at = block->received_at;
    const auto stored = events::stored_events(std::move(*block));
    if (!stored) return stored.error();
    for (const events::StoredEvent& event : *stored) {
      QuotaUse cost = cost_of_verdict(event, scope);
      add_event(cost, event.event);
      quotas_.charge(state_.access(), event.event.header.chain, cost, received_at);
    }
  }
  return {};
}

}  // namespace server
