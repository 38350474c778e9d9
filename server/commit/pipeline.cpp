#include "server/commit/pipeline.h"

#include "events/base/check.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"
#include "server/commit/intake.h"

#include <algorithm>
#include <string>
#include <utility>

namespace server {

using events::ChainHead;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::StoredBlock;
using events::protocol::Parked;
using events::protocol::PushAck;
using events::protocol::PushNak;

Pipeline::Pipeline(events::EventLog& log, events::PrivateStore& private_store,
                   events::SigningKey server_key, ParkedRuns* parked)
    : log_(log),
      private_store_(private_store),
      server_key_(std::move(server_key)),
      parked_(parked),
      on_effect_([this](const projections::EffectiveEvent& effective, const projections::State&) {
        access_index_.follow(effective);
        if (on_changes_) changes_.emplace_back(effective);
      }) {}

Result<std::vector<PushOutcome>> Pipeline::commit(std::span<PushedRun> runs,
                                                  events::Timestamp now) {
  if (!healthy_) return Error{ErrorCode::storage_failed, "an earlier append failed"};
  if (repair_) return refuse_while_repairing(runs);
  if (auto settled = settle_debts(now); !settled) return settled.error();
  Batch batch = begin(now);
  NamedRecords named(private_store_);
  const std::vector<Result<Looked>> looked = look_at(runs, batch, named);
  if (auto stored = store_private(named.records()); !stored) {
    for (std::size_t index = 0; index < runs.size(); ++index) {
      if (!looked[index]) continue;
      quotas_.refund(state_.access(), runs[index].chain, looked[index]->cost, batch.received_at);
    }
    return stored.error();
  }

  std::vector<Answer> answers;
  answers.reserve(runs.size());
  for (std::size_t index = 0; index < runs.size(); ++index) {
    answers.push_back(take(batch, runs[index], looked[index]));
  }
  if (auto appended = append(batch); !appended) return appended.error();

  std::vector<PushOutcome> outcomes;
  outcomes.reserve(runs.size());
  for (std::size_t index = 0; index < runs.size(); ++index) {
    const bool is_taken = std::holds_alternative<Taken>(answers[index]);
    if (!is_taken && looked[index]) {
      quotas_.refund(state_.access(), runs[index].chain, looked[index]->cost, batch.received_at);
    }
    if (const auto* const nak = std::get_if<PushNak>(&answers[index])) {
      outcomes.emplace_back(*nak);
      continue;
    }
    if (const auto* const parked = std::get_if<Parked>(&answers[index])) {
      outcomes.emplace_back(*parked);
      continue;
    }
    if (parked_ != nullptr) {
      parked_->drop_known(runs[index].chain, std::get<Taken>(answers[index]).last_seq);
    }
    Result<PushOutcome> outcome = answer(batch, runs[index], std::get<Taken>(answers[index]));
    if (!outcome) return outcome.error();
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

std::vector<PushOutcome> Pipeline::refuse_while_repairing(std::span<const PushedRun> runs) const {
  std::vector<PushOutcome> outcomes;
  for (const PushedRun& run : runs) {
    outcomes.emplace_back(PushNak{ErrorCode::busy, run.first_seq, run.first_seq,
                                  "the restored log takes back what it lost; come again later"});
  }
  return outcomes;
}

Pipeline::Answer Pipeline::take(Batch& batch, PushedRun& run, const Result<Looked>& looked) {
  PushNak nak{.reason = ErrorCode::not_enrolled,
              .first_seq = run.first_seq,
              .expected_seq = 0,
              .message = "the log does not know this chain"};
  const auto refuse = [&](const Error& error) -> Answer {
    nak.reason = error.code;
    nak.message = error.message;
    return nak;
  };
  const projections::Device* const device = state_.access().device_of(run.chain);
  if (device == nullptr) return nak;
  if (run.log != log_.head().log) return refuse({ErrorCode::wrong_log, "a run for another log"});

  const Result<ChainHead*> found = head_of(*device);
  if (!found) return refuse(found.error());
  ChainHead& head = **found;
  nak.expected_seq = head.seq + 1;
  const Result<std::size_t> known = count_known(batch, run, head);
  if (!known) {
    refuse(known.error());
    const bool may_wait = known.error().code == ErrorCode::gap && run.transit && parked_ != nullptr;
    return may_wait ? park(run, nak, batch.received_at) : nak;
  }
  // What it waited for may have come in this batch, out of what was parked: it is looked at again
  // when it is sent again.
  if (!looked) return refuse(looked.error());
  if (*known < looked->known) {
    return refuse({ErrorCode::busy, "the run before it was not taken; send both again"});
  }
  if (*known < run.events.size()) {
    // What became of the runs before it in this batch was not known when it was looked at.
    const auto may = quotas_.check(state_.access(), run.chain, {}, batch.received_at);
    if (!may) return refuse(may.error());
  }
  const events::PublicKey key = device->public_key;  // The table may move while events are taken.
  const std::span<const events::Intake> intakes(looked->intakes);
  take_events(batch, run, *known, intakes.subspan(*known - looked->known), head);
  take_parked(batch, run.chain, key, head);
  const bool went_on = *known < run.events.size();
  return Taken{run.first_seq, went_on ? head.seq : run.last_seq()};
}

Pipeline::Answer Pipeline::park(const PushedRun& run, PushNak nak, events::Timestamp received_at) {
  const Result<void> kept = park_with_records(run, received_at);
  if (kept) return Parked{run.first_seq, run.last_seq(), nak.expected_seq};
  nak.reason = kept.error().code;
  nak.message = kept.error().message;
  return nak;
}

void Pipeline::take_events(Batch& batch, PushedRun& run, std::size_t known,
                           std::span<const events::Intake> intakes, ChainHead& head) {
  for (std::size_t index = known; index < run.events.size(); ++index) {
    const ChainStep step{run.hash_after(run.first_seq + index - 1), run.hashes[index]};
    head = {run.first_seq + index, step.after};
    store(batch, std::move(run.events[index]), intakes[index - known], step);
    store_follow_ups(batch);
  }
  if (known < run.events.size()) batch.cutter.finish_run({run.first_seq, run.signature});
}

void Pipeline::take_parked(Batch& batch, events::ChainNumber chain, const events::PublicKey& key,
                           ChainHead& head) {
  if (parked_ == nullptr || !parked_->has_any(chain)) return;
  const Result<events::VerifyingKey> verifying = events::VerifyingKey::load(key);
  CHECK(verifying.has_value(), "only sound keys are enrolled");
  for (;;) {
    Result<std::optional<ParkedRuns::Waiting>> waiting = parked_->holding(chain, head.seq + 1);
    if (!waiting || !*waiting) return;  // What cannot be read will be sent again by its device.
    const std::uint64_t first_seq = (*waiting)->block.first_seq;
    Result<PushedRun> run =
        check_run(std::move((*waiting)->block), *verifying, (*waiting)->device_time, {});
    if (!run) return parked_->drop(chain, first_seq);
    run->transit = (*waiting)->transit;
    const Result<std::size_t> known = count_known(batch, *run, head);
    if (!known) return parked_->drop(chain, first_seq);  // Written on another past.
    const QuotaUse cost = cost_of(*run, *known);
    if (!quotas_.check(state_.access(), chain, cost, batch.received_at)) return;
    const Result<std::vector<events::Intake>> intakes =
        intake_of(*run, *known, private_store_, batch.now);
    if (!intakes) return;
    quotas_.charge(state_.access(), chain, cost, batch.received_at);
    take_events(batch, *run, *known, *intakes, head);
  }
}

Result<std::size_t> Pipeline::count_known(const PushedRun& run, const ChainHead& head,
                                          const HashAt& hash_at) {
  if (run.first_seq > head.seq + 1) {
    return Error{ErrorCode::gap, "events before seq " + std::to_string(run.first_seq) + " miss"};
  }
  // The hash of an event covers all before it: one comparison at the last common event is enough.
  const std::uint64_t common = std::min(head.seq, run.last_seq());
  events::Digest known = head.hash;
  if (common < head.seq) {
    Result<events::Digest> stored = hash_at(common);
    if (!stored) return stored.error();
    known = *stored;
  }
  if (run.hash_after(common) != known) {
    return Error{ErrorCode::fork, "another event has seq " + std::to_string(common) + " or less"};
  }
  return common + 1 - run.first_seq;
}

void Pipeline::store(Batch& batch, events::Event event, const events::Intake& intake,
                     const ChainStep& step) {
  const events::Position position = batch.cutter.next_position();
  projections::Judgement judgement =
      projections::judge(event, {position, batch.received_at, intake}, state_);
  store(batch,
        events::StoredEvent{position, batch.received_at, intake, std::move(event),
                            std::move(judgement.verdict)},
        judgement.scope, step);
}

void Pipeline::store(Batch& batch, events::StoredEvent stored, const events::ScopeSet& scope,
                     const ChainStep& step) {
  state_.apply(stored, scope, on_effect_);
  const events::ChainNumber chain = stored.event.header.chain;
  if (chain != events::system_chain) {
    quotas_.charge(state_.access(), chain, cost_of_verdict(stored, scope), batch.received_at);
  }
  batch.cutter.add(std::move(stored), scope, step);
}

void Pipeline::store_follow_ups(Batch& batch) {
  while (std::optional<projections::FollowUpEvent> due =
             projections::next_follow_up(state_, batch.received_at)) {
    // What is due is judged as due.  If it ever were not, the log would go on and the audit would
    // name what it owes, so that no clock and no device can bring the server down.
    if (!store_system(batch, std::move(due->payload))) return;
  }
}

Result<void> Pipeline::append_owed(events::Timestamp now) {
  if (!healthy_) return Error{ErrorCode::storage_failed, "an earlier append failed"};
  if (repair_ || !projections::next_follow_up(state_, time_of_receipt(now))) return {};
  Batch batch = begin(now);
  store_follow_ups(batch);
  return append(batch);
}

Result<void> Pipeline::settle_debts(events::Timestamp now) {
  const events::Position before = log_.head().position;
  Result<void> appended = append_owed(now);
  if (appended && log_.head().position > before) debts_scopes_ = last_scopes_;
  return appended;
}

Result<events::EventId> Pipeline::store_system(Batch& batch, events::Payload payload) {
  const events::EventId id{events::system_chain, system_head_.seq + 1};
  const auto stream = projections::stream_of_system_event(payload, id, state_);
  if (!stream) return Error{ErrorCode::not_permitted, "not an event that the server appends"};
  events::Event event =
      projections::make_system_event(id.seq(), *stream, std::move(payload), state_.applied(),
                                     batch.received_at, state_.rulebook().rules());
  const events::Position position = batch.cutter.next_position();
  projections::Judgement judgement =
      projections::judge(event, {position, batch.received_at, {}}, state_);
  if (!judgement.verdict.takes_effect()) {
    const auto rule = static_cast<int>(judgement.verdict.rule);
    return Error{ErrorCode::not_permitted, "the rules refuse " +
                                               std::string(events::event_name(event.header.type)) +
                                               " (rule " + std::to_string(rule) + ")"};
  }
  const ChainStep step{system_head_.hash, events::chain_next(system_head_.hash, event.canonical)};
  system_head_ = {id.seq(), step.after};
  store(batch,
        events::StoredEvent{
            position, batch.received_at, {}, std::move(event), std::move(judgement.verdict)},
        judgement.scope, step);
  return id;
}

Error Pipeline::abandon(const Error& refused) {
  if (state_.applied() == log_.head().position) return refused;
  if (auto recovered = recover(settled_); !recovered) {
    healthy_ = false;
    return recovered.error();
  }
  return refused;
}

Result<events::EventId> Pipeline::append_system(std::vector<events::Payload> payloads,
                                                events::Timestamp now) {
  if (!healthy_) return Error{ErrorCode::storage_failed, "an earlier append failed"};
  if (repair_) return Error{ErrorCode::busy, "the restored log takes back what it lost"};
  // A correction of the clock goes back from the last receipt: nothing may come between.
  const bool corrects =
      !payloads.empty() && std::holds_alternative<events::ClockCorrected>(payloads.front());
  if (!corrects) {
    if (auto settled = settle_debts(now); !settled) return settled.error();
  }
  Batch batch = begin(now);
  events::EventId last;
  for (events::Payload& payload : payloads) {
    const Result<events::EventId> stored = store_system(batch, std::move(payload));
    if (!stored) return abandon(stored.error());
    last = *stored;
    store_follow_ups(batch);
  }
  if (auto appended = append(batch); !appended) return appended.error();
  return last;
}

Result<void> Pipeline::record_stored(const events::protocol::FileName& name,
                                     events::Timestamp now) {
  const std::optional<FileFacts> facts = file_facts(name);
  if (!facts) return Error{ErrorCode::not_found, "the log names no such file"};
  if (facts->is_stored) return {};
  std::vector<events::Payload> said;
  said.emplace_back(events::EvidenceStored{name.attached, name.part, facts->sha256, facts->size});
  const Result<events::EventId> appended = append_system(std::move(said), now);
  if (!appended) return appended.error();
  return {};
}

Result<void> Pipeline::store_private(std::span<const events::PrivateRecord> records) {
  if (records.empty()) return {};
  return private_store_.put(records);
}

Batch Pipeline::begin(events::Timestamp now) {
  const events::Timestamp received_at = time_of_receipt(now);
  const events::LogHead head = log_.head();
  return Batch{.now = now,
               .received_at = received_at,
               .cutter = BlockCutter(head.log, head.epoch, received_at, frontier_, server_key_),
               .blocks = {}};
}

Result<void> Pipeline::append(Batch& batch) {
  batch.blocks = batch.cutter.finish();
  if (batch.blocks.empty()) return {};
  last_received_at_ = batch.received_at;
  Result<void> appended = log_.append(batch.blocks, frontier_);
  // The state holds events that may not be on disk: only reading the log back can tell.
  if (!appended) healthy_ = false;
  if (appended) settle();
  last_scopes_ = std::exchange(debts_scopes_, {});
  for (const StoredBlock& block : batch.blocks) {
    if (last_scopes_.empty() || last_scopes_.back() != block.scope) {
      last_scopes_.push_back(block.scope);
    }
  }
  return appended;
}

void Pipeline::settle() {
  state_.rest();
  settled_ = state_;
  std::vector<Change> changes = std::exchange(changes_, {});
  if (on_changes_) on_changes_({settled_, std::move(changes)});
}

Result<PushOutcome> Pipeline::answer(const Batch& batch, const PushedRun& run,
                                     const Taken& taken) const {
  PushAck ack{.upto_seq = taken.last_seq, .receipts = {}};
  for (std::uint64_t seq = taken.first_seq; seq <= taken.last_seq;) {
    Result<events::BlockReceipt> receipt = batch.receipt_at(log_, run.chain, seq);
    if (!receipt) return receipt.error();
    seq = receipt->last_seq() + 1;
    ack.receipts.push_back(std::move(*receipt));
  }
  return PushOutcome{std::move(ack)};
}

Result<void> Pipeline::record_purge(const events::protocol::Purged& purged, events::Timestamp now) {
  Result<std::optional<events::ScopePurged>> event = purge_event(purged, state_);
  if (!event) return event.error();
  if (!*event) return {};
  std::vector<events::Payload> receipt;
  receipt.emplace_back(std::move(**event));
  const Result<events::EventId> appended = append_system(std::move(receipt), now);
  if (!appended) return appended.error();
  return {};
}

Result<Admission> Pipeline::admit(events::ChainNumber chain, events::Timestamp now) {
  const projections::Device* const device = state_.access().device_of(chain);
  // Its enrolment may be among what was lost: it may give back, and reads nothing.
  if (device == nullptr && repair_) {
    Admission stranger;
    stranger.rights = rights_of_nobody();
    stranger.rules = state_.rulebook().rules();
    stranger.access_version = access_index_.version();
    stranger.server_key = &server_key_;
    stranger.as_of = state_.applied();
    stranger.repairing = true;
    stranger.stranger = true;
    return stranger;
  }
  if (device == nullptr) {
    return Error{ErrorCode::not_enrolled, "the log does not know this chain"};
  }
  if (auto allowed = check_refused(chain); !allowed) return allowed.error();
  const Result<ChainHead*> head = head_of(*device);
  if (!head) return head.error();
  ReaderRights rights;
  std::optional<events::Timestamp> valid_until;
  if (!device->revoked) {
    rights = access_index_.rights_of(*device, state_, now);
    valid_until = access_index_.valid_until(*device, state_, now);
  }
  return Admission{device->public_key,
                   **head,
                   std::move(rights),
                   state_.rulebook().rules(),
                   access_index_.version(),
                   &server_key_,
                   device->revoked,
                   state_.applied(),
                   valid_until,
                   lease_days_,
                   repair_};
}

Result<ChainHead*> Pipeline::head_of(const projections::Device& device) {
  const auto found = heads_.find(device.chain.value);
  if (found != heads_.end()) return &found->second;
  Result<ChainHead> head = log_.chain_head(device.chain);
  if (!head) return head.error();
  if (head->seq == 0) head->hash = events::chain_start(device.chain, device.public_key);
  return &heads_.emplace(device.chain.value, *head).first->second;
}

}  // namespace server
