#include "events/packing/wire_block.h"
#include "server/commit/batch.h"
#include "server/session/scope_grants.h"
#include "server/session/sync_session.h"

#include <algorithm>
#include <iterator>
#include <ranges>
#include <string>
#include <utility>

// What an open session does for its device: takes its pushes, grants and purges, answers its
// questions.

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

// ---- pushing ----

void SyncSession::serve(protocol::PrivateRecords early, Requests& /*requests*/) {
  for (events::PrivateRecord& record : early.records) {
    early_record_bytes_ += record.salt.size() + record.bytes.size();
    early_records_.push_back(std::move(record));
  }
  if (early_record_bytes_ > early_record_bytes_max) {
    fail({ErrorCode::too_large, "private records come before the push that names them"},
         kind_of<protocol::PrivateRecords>);
  }
}

void SyncSession::serve(protocol::SignedReceipt shown, Requests& /*requests*/) {
  constexpr std::uint8_t about = kind_of<protocol::SignedReceipt>;
  if (shown.log != hello_.log || shown.chain != hello_.chain) {
    return fail({ErrorCode::wrong_log, "a receipt for another log or chain"}, about);
  }
  if (!is_authentic(shown, admission_.server_key->public_key())) {
    return fail({ErrorCode::bad_signature, "a receipt that this log did not sign"}, about);
  }
  if (shown.upto_seq > shown_.seq) shown_ = {shown.upto_seq, shown.chain_hash};
}

void SyncSession::serve(protocol::Push push, Requests& requests) {
  std::vector<events::PrivateRecord> records = std::exchange(early_records_, {});
  early_record_bytes_ = 0;
  std::uint64_t first_seq = 0;
  if (blocks_returned_) {
    return refuse_push({ErrorCode::busy, "the restored log takes back what it lost"}, first_seq);
  }
  const auto hash_before = [&](const events::DeviceBlock& head) {
    first_seq = head.first_seq;
    return hash_before_run(head);
  };
  Result<events::DeviceBlock> block =
      events::unpack_device_block(push.block, hash_before, events::digests_of(records));
  if (!block) return refuse_push(block.error(), first_seq);
  first_seq = block->first_seq;
  if (Result<void> ours = check_place(*block); !ours) return refuse_push(ours.error(), first_seq);
  Result<PushedRun> run = check_run(std::move(*block), *key_, push.device_time, std::move(records));
  if (!run) return refuse_push(run.error(), first_seq);
  run->transit = transit_;
  const bool is_of_that_chain = shown_.seq < run->first_seq || shown_.seq > run->last_seq() ||
                                run->hash_after(shown_.seq) == shown_.hash;
  if (is_of_that_chain) run->promised_upto = shown_.seq;
  last_run_ = {run->last_seq(), run->hashes.back()};
  in_flight_.push_back(last_run_);
  requests.push_back(SubmitRun{std::move(*run)});
}

Result<void> SyncSession::check_place(const events::DeviceBlock& head) const {
  if (head.log != hello_.log) return Error{ErrorCode::wrong_log, "a block for another log"};
  if (head.chain != hello_.chain) {
    return Error{ErrorCode::not_permitted, "a block of another chain"};
  }
  return {};
}

Result<events::Digest> SyncSession::hash_before_run(const events::DeviceBlock& head) const {
  if (Result<void> ours = check_place(head); !ours) return ours.error();
  const std::uint64_t before = head.first_seq - 1;
  if (before == 0) return events::chain_start(head.chain, admission_.public_key);
  const auto newest_first = std::views::reverse(in_flight_);
  const auto sent = std::ranges::find(newest_first, before, &events::ChainHead::seq);
  if (sent != newest_first.end()) return sent->hash;
  // By bundle the run before may be parked: then the log does not have it.
  if (transit_ && last_run_.seq == before) return last_run_.hash;
  const Result<events::ChainHead> stored = log_.chain_head(head.chain);
  if (!stored) return stored.error();
  if (before > stored->seq) {
    return Error{ErrorCode::gap,
                 "events before " + std::to_string(head.first_seq) + " have not come"};
  }
  return stored_hash_at(log_, head.chain, before);
}

void SyncSession::refuse_push(const Error& error, std::uint64_t first_seq) {
  say(protocol::PushNak{error.code, first_seq, accepted_seq_ + 1, error.message});
}

Requests SyncSession::on_committed(PushOutcome outcome, events::Timestamp now) {
  const std::uint64_t pushed_upto = in_flight_.front().seq;
  in_flight_.pop_front();
  if (auto* const ack = std::get_if<protocol::PushAck>(&outcome)) {
    acknowledge(std::move(*ack), pushed_upto);
  } else if (const auto* const parked = std::get_if<protocol::Parked>(&outcome)) {
    say(*parked);
  } else {
    say(std::get<protocol::PushNak>(outcome));
  }
  if (puller_) puller_->resume();
  Requests requests = serve_parked(now);
  dismiss_revoked();
  return requests;
}

// ---- scope ----

void SyncSession::serve(protocol::Purged receipt, Requests& requests) {
  if (blocks_returned_) return;  // The device repeats it until the log says that it has it.
  if (Result<void> genuine = check_purged(receipt, hello_, *key_); !genuine) {
    return fail(genuine.error(), kind_of<protocol::Purged>);
  }
  requests.push_back(RecordPurge{std::move(receipt)});
}

Requests SyncSession::on_purge_recorded(Result<void> recorded, events::Timestamp now) {
  if (!recorded) {
    fail(recorded.error(), kind_of<protocol::Purged>);
    return {};
  }
  purged_ = true;
  if (puller_) puller_->resume();
  Requests requests = serve_parked(now);
  dismiss_revoked();
  return requests;
}

void SyncSession::dismiss_revoked() {
  if (state_ != State::open || !admission_.revoked || !in_flight_.empty()) return;
  if (!is_done_with(hello_, accepted_seq_, purged_)) return;
  goodbye(protocol::GoawayReason::revoked, 0);
}

void SyncSession::leave_to_later_pushes(protocol::PushAck& ack, std::uint64_t pushed_upto) const {
  puller_->note_pushed(pushed_upto);
  const auto is_known = [&](std::uint64_t seq) {
    const Result<bool> known = puller_->reader_has(seq);
    return known && *known;  // What is wrong, the pull says.
  };
  if (!is_known(ack.upto_seq)) ack.upto_seq = std::min(ack.upto_seq, pushed_upto);
  while (!ack.receipts.empty() && !is_known(ack.receipts.back().last_seq())) {
    ack.receipts.pop_back();
  }
}

void SyncSession::acknowledge(protocol::PushAck ack, std::uint64_t pushed_upto) {
  if (puller_) leave_to_later_pushes(ack, pushed_upto);
  accepted_seq_ = std::max(accepted_seq_, ack.upto_seq);
  // A bundle may leave out events that another one brought, whose answer the device lacks.
  const bool are_next =
      !puller_ || ack.receipts.empty() ||
      puller_->may_send_receipts(ack.receipts.front().first_seq, ack.receipts.back().last_seq());
  if (are_next) return answers_.push_receipts(ack);
  say(protocol::PushAck{.upto_seq = ack.upto_seq, .receipts = {}});
}

// ---- pulling ----

void SyncSession::serve(protocol::Prove prove, Requests& /*requests*/) {
  if (refuses_stranger(kind_of<protocol::Prove>)) return;
  charge(Work::proofs, prove.blocks.size(), last_heard_);
  const Result<std::vector<protocol::Proofs>> proofs = puller_->proofs_of(prove.blocks);
  if (!proofs) return fail(proofs.error(), kind_of<protocol::Prove>);
  for (const protocol::Proofs& frame : *proofs) say(frame);
  puller_->owe_head();
}

// ---- snapshots ----

void SyncSession::begin_snapshot(events::Position cursor, Requests& requests) {
  const bool takes_them = (hello_.features & protocol::feature_snapshots) != 0;
  const bool pulls = (hello_.features & protocol::feature_no_events) == 0;
  if (!takes_them || !pulls || transit_ || admission_.revoked) return;
  snapshots_.begin({.rights = {admission_.rights.scope, private_access_of(admission_.rights)},
                    .chain = hello_.chain,
                    .cursor = cursor,
                    .head = log_.head().position,
                    .server_key = admission_.server_key});
  if (auto question = snapshots_.next_question()) {
    requests.push_back(AskSnapshot{std::move(*question)});
  }
}

Requests SyncSession::on_snapshot(SnapshotPtr snapshot, events::Timestamp now) {
  const std::optional<protocol::SnapOffer> offer = snapshots_.take(std::move(snapshot));
  if (offer && state_ == State::open) say(*offer);
  return serve_parked(now);
}

void SyncSession::serve(protocol::SnapWant want, Requests& requests) {
  if (refuses_stranger(kind_of<protocol::SnapWant>)) return;
  if (Result<void> served = snapshots_.serve(want); !served) {
    return fail(served.error(), kind_of<protocol::SnapWant>);
  }
  if (auto question = snapshots_.next_question()) {
    requests.push_back(AskSnapshot{std::move(*question)});
  }
}

// ---- summaries ----

void SyncSession::serve(protocol::Subscribe subscribe, Requests& /*requests*/) {
  if (refuses_stranger(kind_of<protocol::Subscribe>)) return;
  if (transit_) {
    return fail({ErrorCode::not_permitted, "nobody stays to hear what comes by bundle"},
                kind_of<protocol::Subscribe>);
  }
  const bool is_known = subscribe.mode == protocol::SummaryMode::totals ||
                        subscribe.mode == protocol::SummaryMode::dossier_statuses;
  if (!is_known) {
    return fail({ErrorCode::unsupported, "a subscription is to totals or to dossier statuses"},
                kind_of<protocol::Subscribe>);
  }
  if (admission_.revoked) {
    return fail({ErrorCode::not_permitted, "a revoked device reads nothing"},
                kind_of<protocol::Subscribe>);
  }
  charge(Work::subscriptions, 1, last_heard_);
  summaries_.begin(subscribe);
}

void SyncSession::serve(protocol::Unsubscribe /*unsubscribe*/, Requests& /*requests*/) {
  summaries_.end();
}

Requests SyncSession::on_time(events::Timestamp now) {
  if (state_ != State::open) return {};
  Requests requests;
  if (held_until_) requests = serve_parked(now);
  if (state_ != State::open) return requests;
  // A role ends on its day, also for whoever stays connected over midnight.
  if (admission_.valid_until && *admission_.valid_until <= now) {
    admission_.valid_until.reset();  // Asked once; the answer brings the next.
    std::ranges::move(recheck(), std::back_inserter(requests));
    return requests;
  }
  if (!answers_.empty()) return requests;
  auto question = summaries_.next_question(admission_.rights.scope, log_.head().position, now);
  if (question) requests.push_back(AskSummary{std::move(*question)});
  return requests;
}

Requests SyncSession::on_summary(Summary summary, events::Timestamp /*now*/) {
  const std::optional<protocol::Message> frame = summaries_.take(std::move(summary));
  if (frame && state_ == State::open) say(*frame);
  return {};
}

std::optional<events::Timestamp> SyncSession::due() const {
  if (state_ != State::open) return std::nullopt;
  const std::optional<events::Timestamp> summary = summaries_.due(log_.head().position);
  std::optional<events::Timestamp> first;
  for (const auto& each : {summary, admission_.valid_until, held_until_}) {
    if (each) first = std::min(first.value_or(*each), *each);
  }
  return first;
}

}  // namespace server
