#include "events/protocol/greeting_proof.h"
#include "server/commit/batch.h"
#include "server/session/scope_grants.h"
#include "server/session/sync_session.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <ranges>
#include <utility>

// How a session begins: enrolment, the greeting, and the proofs of both sides.

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

void SyncSession::serve(protocol::Enrol enrol, Requests& requests) {
  if (state_ != State::greeting) {
    return fail({ErrorCode::not_permitted, "this connection has greeted already"},
                kind_of<protocol::Enrol>);
  }
  if (transit_) {
    return fail({ErrorCode::not_permitted, "a device enrols on the network, not by bundle"},
                kind_of<protocol::Enrol>);
  }
  const Result<events::VerifyingKey> key = events::VerifyingKey::load(enrol.public_key);
  if (!key) return fail(key.error(), kind_of<protocol::Enrol>);
  if (!key->verify(protocol::bound_enrol_statement(enrol, binding_), enrol.proof)) {
    return fail({ErrorCode::bad_signature, "the proof is not the new key's"},
                kind_of<protocol::Enrol>);
  }
  request_digest_ = protocol::greeting_digest(enrol);
  state_ = State::enrolling;
  requests.push_back(AskEnrolment{std::move(enrol)});
}

void SyncSession::serve(protocol::NewChain request, Requests& requests) {
  constexpr std::uint8_t about = kind_of<protocol::NewChain>;
  if (state_ != State::greeting) {
    return fail({ErrorCode::not_permitted, "this connection has greeted already"}, about);
  }
  if (request.log != log_.head().log) {
    return fail({ErrorCode::wrong_log, "this server holds another log"}, about);
  }
  const Result<events::VerifyingKey> key = events::VerifyingKey::load(request.public_key);
  if (!key) return fail(key.error(), about);
  const events::Bytes statement =
      protocol::new_chain_statement(request.log, request.chain, request.public_key, request.label);
  if (!key->verify(statement, request.new_proof)) {
    return fail({ErrorCode::bad_signature, "the proof is not the new key's"}, about);
  }
  request_digest_ = protocol::greeting_digest(request);
  state_ = State::enrolling;
  requests.push_back(AskNewChain{std::move(request)});
}

Requests SyncSession::on_enrolled(Result<protocol::Enrolled> enrolled, events::Timestamp now) {
  if (state_ != State::enrolling) return {};
  if (enrolled) {
    if (proofs_ != nullptr) {
      protocol::sign(*enrolled, proofs_->log_key(), request_digest_, binding_);
    }
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
      admission_.valid_until = admission->valid_until;
      asks_for_rights_ = false;
    }
    return {};
  }
  if (state_ != State::admitting) return {};
  if (!admission) {
    fail(admission.error(), kind_of<protocol::Hello>);
    return {};
  }
  if (has_answered_) return admit_answered(*admission, now);
  if (admission->repairing && transit_) {
    fail({ErrorCode::busy, "the restored log takes back what it lost"}, kind_of<protocol::Hello>);
    return {};
  }
  if (Result<void> genuine = check_signed(*admission); !genuine) {
    fail(genuine.error(), kind_of<protocol::Hello>);
    return {};
  }
  const Result<protocol::WelcomeAction> action = action_for(*admission);
  if (!action) {
    fail(action.error(), kind_of<protocol::Hello>);
    return {};
  }
  action_ = *action;
  admission_ = std::move(*admission);
  say_welcome(now);
  const bool has_forked = action_ == protocol::WelcomeAction::forked;
  if (has_forked || action_ == protocol::WelcomeAction::diverged) {
    refusal_ = has_forked ? Error{ErrorCode::fork, "another device has written this chain"}
                          : Error{ErrorCode::log_diverged, "the device knows another log"};
    state_ = State::closing;
    return {};
  }
  if (!must_answer()) return open(now);
  state_ = State::challenged;
  return serve_parked(now);
}

void SyncSession::serve(protocol::Answer answer, Requests& requests) {
  constexpr std::uint8_t about = kind_of<protocol::Answer>;
  if (state_ != State::challenged) {
    if (has_answered_) return;  // It came twice.
    return fail({ErrorCode::not_permitted, "nothing is to be answered"}, about);
  }
  // Nobody knows a stranger's key yet: what it gives is believed for its receipts.
  if (!admission_.stranger) {
    if (!protocol::is_authentic(answer, hello_, admission_.public_key)) {
      return fail({ErrorCode::bad_signature, "the answer is not signed by the chain's key"}, about);
    }
    // Over HTTP it is to the challenge of an earlier request; one that is used up brings another.
    if (in_turns_ && !proofs_->spend(hello_.chain, answer.challenge, last_heard_)) {
      return refuse_unanswered(about);
    }
    if (!in_turns_ && answer.challenge != challenge_) {
      return fail({ErrorCode::bad_signature, "an answer to another challenge"}, about);
    }
  }
  has_answered_ = true;
  state_ = State::admitting;
  requests.push_back(AskAdmission{hello_.chain});
}

void SyncSession::refuse_unanswered(std::uint8_t about) {
  if (!in_turns_) return fail({ErrorCode::not_permitted, "ANSWER comes behind WELCOME"}, about);
  // WELCOME is the whole answer: the next request answers the challenge in it.
  parked_.clear();
  state_ = State::closing;
}

Requests SyncSession::admit_answered(const Admission& admission, events::Timestamp now) {
  const bool is_as_welcomed = admission.rights == admission_.rights &&
                              admission.revoked == admission_.revoked &&
                              admission.repairing == admission_.repairing;
  if (!is_as_welcomed) {
    goodbye(protocol::GoawayReason::scope_changed, 0);
    return {};
  }
  admission_.access_version = admission.access_version;
  admission_.valid_until = admission.valid_until;
  return open(now);
}

Requests SyncSession::open(events::Timestamp now) {
  if (admission_.repairing) {
    begin_repair();
    return serve_parked(now);
  }
  key_.emplace(*events::VerifyingKey::load(admission_.public_key));
  begin_serving(now);
  Requests requests;
  begin_snapshot(puller_->seen_head(), requests);
  std::ranges::move(serve_parked(now), std::back_inserter(requests));
  dismiss_revoked();
  return requests;
}

Result<void> SyncSession::check_signed(const Admission& admission) const {
  // The answer is sealed to a key that the bundle's signer named.
  if (transit_ && transit_->signer != admission.public_key) {
    return Error{ErrorCode::bad_signature, "the bundle is not signed by the chain's key"};
  }
  const Result<void> fits = is_page_in_tls_ ? protocol::check_page(hello_.features)
                                            : protocol::check_bound(hello_.features, binding_);
  if (!fits) return fits;
  // Nobody knows its key yet: what it gives is believed for its receipts.
  if (admission.stranger) return {};
  const events::Bytes statement = protocol::bound_hello_statement(hello_, binding_);
  if (!events::verify(admission.public_key, statement, hello_.signature)) {
    return Error{ErrorCode::bad_signature, "the greeting is not signed by the chain's key"};
  }
  return {};
}

Result<protocol::WelcomeAction> SyncSession::action_for(const Admission& admission) const {
  if (admission.repairing) return protocol::WelcomeAction::repair;
  Result<void> fits = check_head(admission.head);
  if (fits) fits = check_cursor();
  if (!fits && fits.error().code == ErrorCode::log_diverged) {
    return protocol::WelcomeAction::diverged;
  }
  if (!fits && fits.error().code == ErrorCode::fork) return protocol::WelcomeAction::forked;
  if (!fits) return fits.error();
  const bool restarts = scope_changed(hello_, admission.rights) && hello_.cursor.position.value > 0;
  return restarts ? protocol::WelcomeAction::restart_pull : protocol::WelcomeAction::proceed;
}

Result<void> SyncSession::check_cursor() const {
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

void SyncSession::say_welcome(events::Timestamp now) {
  const events::LogHead head = log_.head();
  accepted_seq_ = admission_.head.seq;
  protocol::Welcome welcome{.session = number_,
                            .server_time = now,
                            .log = head.log,
                            .epoch = head.epoch,
                            .head = head.position,
                            .accepted_seq = admission_.head.seq,
                            .accepted_hash = admission_.head.hash,
                            .scope = admission_.rights.scope,
                            .action = action_,
                            .rules = admission_.rules,
                            .challenge = {},
                            .signature = {}};
  if (must_answer()) {
    challenge_ = proofs_->issue(hello_.chain, now);
    welcome.challenge.assign(challenge_.begin(), challenge_.end());
  }
  protocol::sign(welcome, *admission_.server_key, protocol::greeting_digest(hello_), binding_);
  say(welcome);
}

std::optional<events::ChainHead> SyncSession::announced() const {
  if (transit_) return std::nullopt;
  return events::ChainHead{hello_.head_seq, hello_.head_hash};
}

void SyncSession::begin_serving(events::Timestamp now) {
  const bool restart_pull = action_ == protocol::WelcomeAction::restart_pull;
  if (const auto grant = grant_to_send(hello_, admission_, now)) say(*grant);
  const Puller::Start start{.chain = hello_.chain,
                            .cursor = restart_pull ? events::Position{} : hello_.cursor.position,
                            .verdicts_known = hello_.verdicts_known,
                            .accepted_seq = admission_.head.seq,
                            .announced = announced(),
                            .live = hello_.live,
                            .no_events = (hello_.features & protocol::feature_no_events) != 0,
                            .key = admission_.server_key,
                            .may_ask = !transit_};
  if (start.cursor.value == 0 && !start.no_events) charge(Work::whole_pulls, 1, now);
  if ((hello_.features & protocol::feature_files) != 0) {
    files_.emplace(hello_.chain, admission_.rights, in_turns_);
  }
  puller_ = std::make_unique<Puller>(log_, private_store_, packed_, admission_.rights, start);
  issuer_.emplace(log_, *admission_.server_key, hello_);
  state_ = State::open;
}

}  // namespace server
