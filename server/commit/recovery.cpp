#include "server/commit/recovery.h"

#include "projections/rules/judge.h"
#include "server/commit/pipeline.h"

#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

/// The last block of the log; nothing when the log is empty.
Result<std::optional<events::StoredBlock>> last_block(const events::EventLog& log) {
  const Result<std::optional<events::Bytes>> encoded = log.block_at(log.head().position);
  if (!encoded) return encoded.error();
  if (!*encoded) return std::optional<events::StoredBlock>{};
  Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
  if (!block) return block.error();
  return std::optional<events::StoredBlock>{std::move(*block)};
}

}  // namespace

Result<void> fold(const events::EventLog& log, projections::State& state,
                  const projections::State::OnEffect& on_effect) {
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  for (;;) {
    events::Position scanned_to;
    const Result<std::optional<events::Bytes>> encoded =
        log.next_block(everything, state.applied(), &scanned_to);
    if (!encoded) return encoded.error();
    if (!*encoded) return {};
    Result<events::StoredBlock> block = events::decode_stored_block(**encoded);
    if (!block) return block.error();
    const events::ScopeSet scope = block->scope;
    const Result<std::vector<events::StoredEvent>> stored =
        events::stored_events(std::move(*block));
    if (!stored) return stored.error();
    for (const events::StoredEvent& event : *stored) state.apply(event, scope, on_effect);
    state.rest();
  }
}

Result<void> Pipeline::recover(std::optional<projections::State> checkpoint,
                               const projections::State::OnEffect& on_effect) {
  changes_.clear();
  settled_ = {};  // While it is kept, the fold would copy what it shares with the state.
  state_ = checkpoint ? std::move(*checkpoint) : projections::State{};
  state_.hold_by(newest_rules_);
  if (auto folded = fold(log_, state_, on_effect); !folded) return folded.error();
  settled_ = state_;
  access_index_.rebuild(state_);
  frontier_ = log_.frontier();
  heads_.clear();
  if (state_.applied().value != frontier_.size()) {
    return Error{ErrorCode::storage_corrupt, "the checkpoint is of another log"};
  }

  const events::PublicKey key = server_key_.public_key();
  if (frontier_.size() > 0 && state_.access().server_key() != key) {
    return Error{ErrorCode::storage_corrupt, "the server's key is not the one the log names"};
  }
  if (state_.rulebook().is_beyond()) {
    return Error{ErrorCode::unsupported, "the log was judged under rules " +
                                             std::to_string(state_.rulebook().rules().value) +
                                             ", newer than this build's"};
  }
  const Result<events::ChainHead> system_head = log_.chain_head(events::system_chain);
  if (!system_head) return system_head.error();
  system_head_ = *system_head;
  if (system_head_.seq == 0) system_head_.hash = events::chain_start(events::system_chain, key);

  const Result<std::optional<events::StoredBlock>> last = last_block(log_);
  if (!last) return last.error();
  last_received_at_ = *last ? (*last)->received_at : events::Timestamp{};
  if (auto counted = rebuild_quotas(); !counted) return counted.error();
  if (parked_ != nullptr) {
    for (const events::ChainNumber chain : parked_->chains()) {
      const Result<events::ChainHead> head = log_.chain_head(chain);
      if (!head) return head.error();
      parked_->drop_known(chain, head->seq);
    }
  }
  healthy_ = true;
  return {};
}

Result<void> Pipeline::adopt_rules(events::Timestamp now) {
  const bool is_founded = frontier_.size() > 0;
  if (repair_) return {};
  const events::RulesVersion before = state_.rulebook().rules();
  if (!is_founded || before == newest_rules_) return {};
  std::vector<events::Payload> adoption;
  adoption.emplace_back(events::RulesAdopted{
      newest_rules_, projections::moved_otherwise(projections::policy_of(before),
                                                  projections::policy_of(newest_rules_))});
  const Result<events::EventId> adopted = append_system(std::move(adoption), now);
  if (!adopted) return adopted.error();
  return {};
}

Result<void> Pipeline::correct_clock(events::Timestamp now) {
  const events::Timestamp before = last_received_at_;
  if (now >= before) return {};
  std::vector<events::Payload> correction;
  correction.emplace_back(events::ClockCorrected{before, now});
  last_received_at_ = now;
  const Result<events::EventId> corrected = append_system(std::move(correction), now);
  if (corrected) return {};
  last_received_at_ = before;
  return corrected.error();
}

Result<void> Pipeline::publish_sealing_key(const events::SealingKey& key, events::Timestamp now) {
  const bool is_founded = frontier_.size() > 0;
  if (repair_) return {};
  if (!is_founded || state_.access().sealing_key() == key) return {};
  std::vector<events::Payload> publication;
  publication.emplace_back(events::SealingKeyPublished{key});
  const Result<events::EventId> published = append_system(std::move(publication), now);
  if (!published) return published.error();
  return {};
}

}  // namespace server
