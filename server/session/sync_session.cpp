#include "server/session/sync_session.h"

#include "events/compression/wire_block.h"
#include "events/protocol/frame_codec.h"
#include "server/commit/batch.h"
#include "server/session/scope_grants.h"

#include <algorithm>
#include <ranges>
#include <string>
#include <type_traits>
#include <utility>

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

std::uint8_t kind_of_message(const protocol::Message& message) {
  return std::visit([]<class T>(const T&) { return kind_of<T>; }, message);
}

bool is_greeting(const protocol::Message& message) {
  return std::holds_alternative<protocol::Hello>(message) ||
         std::holds_alternative<protocol::Enrol>(message) ||
         std::holds_alternative<protocol::ErrorFrame>(message);
}

}  // namespace

SyncSession::SyncSession(const events::EventLog& log, const events::PrivateStore& private_store,
                         PackedBlocks& packed, std::uint64_t number, std::optional<Passage> passage)
    : log_(log),
      private_store_(private_store),
      packed_(packed),
      number_(number),
      passage_(std::move(passage)) {}

// ---- input ----

Requests SyncSession::on_bytes(events::ByteView bytes, events::Timestamp now) {
  std::vector<protocol::Message> good;
  Result<std::vector<protocol::Message>> messages = protocol::read_frames(bytes, &good);
  if (messages) good = std::move(*messages);
  for (protocol::Message& message : good) parked_.push_back(std::move(message));
  Requests requests = serve_parked(now);
  if (!messages) fail(messages.error(), bytes.empty() ? std::uint8_t{0} : bytes.front());
  return requests;
}

Requests SyncSession::on_message(protocol::Message message, events::Timestamp now) {
  parked_.push_back(std::move(message));
  return serve_parked(now);
}

bool SyncSession::may_serve() const {
  const bool waits_for_answer = state_ == State::admitting || state_ == State::enrolling;
  return !waits_for_answer && state_ != State::closing && in_flight_.size() < runs_in_flight_max &&
         answers_.bytes() < waiting_answer_bytes_max;
}

bool SyncSession::wants_input() const { return may_serve() && parked_.empty(); }

Requests SyncSession::serve_parked(events::Timestamp now) {
  static_cast<void>(now);
  Requests requests;
  while (!parked_.empty() && may_serve()) {
    protocol::Message message = std::move(parked_.front());
    parked_.pop_front();
    if (state_ == State::greeting && !is_greeting(message)) {
      fail({ErrorCode::not_permitted, "HELLO or ENROL comes first"}, kind_of_message(message));
      break;
    }
    std::visit([&](auto& each) { serve(std::move(each), requests); }, message);
  }
  return requests;
}

template <class T>
void SyncSession::serve(T /*unexpected*/, Requests& /*requests*/) {
  fail({ErrorCode::unsupported, "a device does not send this kind of frame"}, kind_of<T>);
}

void SyncSession::serve(protocol::ErrorFrame /*error*/, Requests& /*requests*/) {
  state_ = State::closing;
}

// ---- enrolment ----

void SyncSession::serve(protocol::Enrol enrol, Requests& requests) {
  if (state_ != State::greeting) {
    return fail({ErrorCode::not_permitted, "this connection has greeted already"},
                kind_of<protocol::Enrol>);
  }
  if (passage_) {
    return fail({ErrorCode::not_permitted, "a device enrols on the network, not by courier"},
                kind_of<protocol::Enrol>);
  }
  const Result<events::VerifyingKey> key = events::VerifyingKey::load(enrol.public_key);
  if (!key) return fail(key.error(), kind_of<protocol::Enrol>);
  if (!key->verify(protocol::bound_enrol_statement(enrol, binding_), enrol.proof)) {
    return fail({ErrorCode::bad_signature, "the proof is not the new key's"},
                kind_of<protocol::Enrol>);
  }
  state_ = State::enrolling;
  requests.push_back(AskEnrolment{std::move(enrol)});
}

Requests SyncSession::on_enrolled(Result<protocol::Enrolled> enrolled, events::Timestamp now) {
  if (state_ != State::enrolling) return {};
  if (enrolled) {
    say(*enrolled);
    state_ = State::greeting;
    return serve_parked(now);
  }
  const bool may_try_again = enrolled.error().code == ErrorCode::enrolment_refused &&
                             ++wrong_codes_ < protocol::enrolment_attempts_max;
  if (!may_try_again) {
    fail(enrolled.error(), kind_of<protocol::Enrol>);
    return {};
  }
  say(protocol::ErrorFrame{enrolled.error().code, kind_of<protocol::Enrol>,
                           enrolled.error().message});
  state_ = State::greeting;
  return serve_parked(now);
}

// ---- greeting ----

void SyncSession::serve(protocol::Hello hello, Requests& requests) {
  constexpr std::uint8_t about = kind_of<protocol::Hello>;
  if (state_ != State::greeting) {
    return fail({ErrorCode::not_permitted, "this connection has greeted already"}, about);
  }
  if (hello.log != log_.head().log) {
    return fail({ErrorCode::wrong_log, "this server holds another log"}, about);
  }
  if (hello.chain == events::system_chain) {
    return fail({ErrorCode::not_permitted, "the system chain is the server's own"}, about);
  }
  hello_ = std::move(hello);
  state_ = State::admitting;
  requests.push_back(AskAdmission{hello_.chain});
}

Requests SyncSession::recheck() {
  Requests requests;
  if (state_ == State::open) requests.push_back(AskAdmission{hello_.chain});
  return requests;
}

Requests SyncSession::on_admitted(Result<Admission> admission, events::Timestamp now) {
  if (state_ == State::open) {
    if (!admission) {
      goodbye(protocol::GoawayReason::scope_changed, 0);
    } else if (admission->revoked && !admission_.revoked) {
      goodbye(protocol::GoawayReason::revoked, 0);
    } else if (admission->rights != admission_.rights) {
      goodbye(protocol::GoawayReason::scope_changed, 0);
    } else {
      admission_.access_version = admission->access_version;
    }
    return {};
  }
  if (state_ != State::admitting) return {};
  if (!admission) {
    fail(admission.error(), kind_of<protocol::Hello>);
    return {};
  }
  if (auto greeted = check_greeting(*admission); !greeted) {
    fail(greeted.error(), kind_of<protocol::Hello>);
    return {};
  }
  admission_ = std::move(*admission);
  key_.emplace(*events::VerifyingKey::load(admission_.public_key));
  welcome(now);
  Requests requests = serve_parked(now);
  dismiss_revoked();
  return requests;
}

Result<void> SyncSession::check_greeting(const Admission& admission) const {
  // The answer is sealed to a key that the bundle's signer named.
  if (passage_ && passage_->signer != admission.public_key) {
    return Error{ErrorCode::bad_signature, "the bundle is not signed by the chain's key"};
  }
  if (auto bound = protocol::check_bound(hello_.features, binding_); !bound) return bound;
  const events::Bytes statement = protocol::bound_hello_statement(hello_, binding_);
  if (!events::verify(admission.public_key, statement, hello_.signature)) {
    return Error{ErrorCode::bad_signature, "the greeting is not signed by the chain's key"};
  }
  if (auto head = check_head(admission.head); !head) return head;

  if (hello_.cursor.epoch > log_.head().epoch) {
    return Error{ErrorCode::log_diverged, "the cursor is of a later epoch than the log"};
  }
  const Result<std::uint64_t> fingerprint = events::fingerprint_at(log_, hello_.cursor.position);
  if (!fingerprint) return fingerprint.error();
  const bool is_at_start = hello_.cursor.position.value == 0;
  if (!is_at_start && *fingerprint != hello_.cursor.fingerprint) {
    return Error{ErrorCode::log_diverged, "the cursor's fingerprint is not the log's"};
  }
  return {};
}

Result<void> SyncSession::check_head(const events::ChainHead& accepted) const {
  if (hello_.verdicts_known > accepted.seq) {
    return Error{ErrorCode::log_diverged, "the log has lost events it had acknowledged"};
  }
  // What the device has beyond the log is checked when it is pushed.
  if (hello_.head_seq > accepted.seq || hello_.head_seq == 0) return {};
  Result<events::Digest> known = accepted.hash;
  if (hello_.head_seq < accepted.seq) known = stored_hash_at(log_, hello_.chain, hello_.head_seq);
  if (!known) return known.error();
  if (*known != hello_.head_hash) {
    return Error{ErrorCode::fork, "another device has written this chain"};
  }
  return {};
}

void SyncSession::welcome(events::Timestamp now) {
  const events::LogHead head = log_.head();
  const bool restart_pull =
      scope_changed(hello_, admission_.rights) && hello_.cursor.position.value > 0;
  accepted_seq_ = admission_.head.seq;
  say(protocol::Welcome{.session = number_,
                        .server_time = now,
                        .log = head.log,
                        .epoch = head.epoch,
                        .head = head.position,
                        .accepted_seq = admission_.head.seq,
                        .accepted_hash = admission_.head.hash,
                        .scope = admission_.rights.scope,
                        .action = restart_pull ? protocol::WelcomeAction::restart_pull
                                               : protocol::WelcomeAction::proceed,
                        .rules = admission_.rules});
  if (const auto grant = grant_to_send(hello_, admission_, now)) say(*grant);
  const Puller::Start start{.chain = hello_.chain,
                            .cursor = restart_pull ? events::Position{} : hello_.cursor.position,
                            .verdicts_known = hello_.verdicts_known,
                            .accepted_seq = admission_.head.seq,
                            .live = hello_.live,
                            .no_events = (hello_.features & protocol::feature_no_events) != 0};
  puller_ = std::make_unique<Puller>(log_, private_store_, packed_, admission_.rights, start);
  issuer_.emplace(log_, *admission_.server_key, hello_);
  state_ = State::open;
}

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

void SyncSession::serve(protocol::Push push, Requests& requests) {
  std::vector<events::PrivateRecord> records = std::exchange(early_records_, {});
  early_record_bytes_ = 0;
  std::uint64_t first_seq = 0;
  const auto hash_before = [&](const events::DeviceBlock& head) {
    first_seq = head.first_seq;
    return hash_before_run(head);
  };
  Result<events::DeviceBlock> block = events::unpack_device_block(push.block, hash_before);
  if (!block) return refuse_push(block.error(), first_seq);
  first_seq = block->first_seq;
  if (Result<void> ours = check_place(*block); !ours) return refuse_push(ours.error(), first_seq);
  Result<PushedRun> run = check_run(std::move(*block), *key_, push.device_time, std::move(records));
  if (!run) return refuse_push(run.error(), first_seq);
  run->passage = passage_;
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
  // By courier the run before may be parked: then the log does not have it.
  if (passage_ && last_run_.seq == before) return last_run_.hash;
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
  in_flight_.pop_front();
  if (const auto* const ack = std::get_if<protocol::PushAck>(&outcome)) {
    acknowledge(*ack);
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

void SyncSession::acknowledge(const protocol::PushAck& ack) {
  accepted_seq_ = std::max(accepted_seq_, ack.upto_seq);
  answers_.push_receipts(ack);
  if (puller_ && !ack.receipts.empty()) {
    puller_->receipts_sent(ack.receipts.front().first_seq, ack.receipts.back().last_seq());
  }
}

// ---- pulling ----

void SyncSession::serve(protocol::Prove prove, Requests& /*requests*/) {
  const Result<protocol::Proofs> proofs = puller_->proofs_of(prove.blocks);
  if (!proofs) return fail(proofs.error(), kind_of<protocol::Prove>);
  say(*proofs);
}

// ---- summaries ----

void SyncSession::serve(protocol::Subscribe subscribe, Requests& /*requests*/) {
  if (passage_) {
    return fail({ErrorCode::not_permitted, "nobody stays to hear what comes by courier"},
                kind_of<protocol::Subscribe>);
  }
  const bool is_known = subscribe.mode == protocol::SummaryMode::totals ||
                        subscribe.mode == protocol::SummaryMode::standings;
  if (!is_known) {
    return fail({ErrorCode::unsupported, "a subscription is to totals or to standings"},
                kind_of<protocol::Subscribe>);
  }
  if (admission_.revoked) {
    return fail({ErrorCode::not_permitted, "a revoked device reads nothing"},
                kind_of<protocol::Subscribe>);
  }
  summaries_.begin(subscribe);
}

void SyncSession::serve(protocol::Unsubscribe /*unsubscribe*/, Requests& /*requests*/) {
  summaries_.end();
}

Requests SyncSession::on_time(events::Timestamp now) {
  Requests requests;
  if (state_ != State::open || !answers_.empty()) return requests;
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
  return summaries_.due(log_.head().position);
}

// ---- output ----

void SyncSession::say(const protocol::Message& message) { answers_.push(message); }

void SyncSession::goodbye(protocol::GoawayReason reason, std::uint32_t retry_after_milliseconds) {
  if (state_ == State::closing) return;
  say(protocol::Goaway{reason, retry_after_milliseconds});
  state_ = State::closing;
}

void SyncSession::fail(const Error& error, std::uint8_t about) {
  if (state_ == State::closing) return;
  say(protocol::ErrorFrame{error.code, about, error.message});
  state_ = State::closing;
}

events::Bytes SyncSession::pump(std::size_t max_bytes) {
  events::Bytes out = answers_.take(max_bytes);
  if (!answers_.empty() || state_ != State::open) return out;

  // A frame is at most this long, so one more always fits.
  constexpr std::size_t frame_size_max = protocol::frame_bytes_max + 4;
  while (out.empty() || out.size() + frame_size_max <= max_bytes) {
    Result<std::optional<events::Bytes>> frame = next_frame();
    if (!frame) {
      fail(frame.error(), 0);
      return out.empty() ? pump(max_bytes) : out;
    }
    if (!*frame) break;
    events::append_bytes(out, **frame);
  }
  return out;
}

Result<std::optional<events::Bytes>> SyncSession::next_frame() {
  const bool answers_are_out = in_flight_.empty() && !puller_->owes_receipts();
  if (answers_are_out && issuer_->is_due(puller_->receipts_upto())) {
    const Result<protocol::SignedReceipt> receipt = issuer_->issue(puller_->receipts_upto());
    if (!receipt) return receipt.error();
    return std::optional{protocol::encode_frame(*receipt)};
  }
  return puller_->next_frame(!in_flight_.empty());
}

bool SyncSession::wants_wake() const {
  if (state_ != State::open) return false;
  const bool pulls = puller_->is_live() && puller_->is_caught_up();
  return pulls || summaries_.waits_for_log(log_.head().position);
}

events::Position SyncSession::seen_head() const {
  const bool pulls = puller_->is_live() && puller_->is_caught_up();
  return pulls ? puller_->seen_head() : summaries_.seen_head();
}

}  // namespace server
