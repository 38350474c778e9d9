#include "server/channels/session_driver.h"

#include "server/base/logging.h"

#include <boost/asio/post.hpp>

#include <exception>
#include <utility>
#include <variant>

namespace server {

using events::ErrorCode;

namespace {

/// Refusals that only somebody brings about who has no place here, or tries whether they have.
bool is_fault_of_peer(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
    case ErrorCode::too_large:
    case ErrorCode::unsupported:
    case ErrorCode::bad_signature:
    case ErrorCode::not_enrolled:
    case ErrorCode::wrong_log:
    case ErrorCode::not_permitted:
    case ErrorCode::enrolment_refused:
      return true;
    default:
      return false;
  }
}

}  // namespace

SessionDriver::SessionDriver(net::any_io_executor strand, Services& services, Caller caller)
    : strand_(std::move(strand)),
      services_(services),
      own_(std::make_unique<SyncSession>(services.log, services.private_store, services.packed,
                                         caller.number)),
      session_(*own_),
      caller_(std::move(caller)) {
  session_.prove_with(services.proofs);
  session_.spend_from(services.budgets);
  if (services.moved) session_.send_on_to(*services.moved);
}

SessionDriver::SessionDriver(net::any_io_executor strand, Services& services, SyncSession& session)
    : strand_(std::move(strand)), services_(services), session_(session) {}

/// A function for another thread that brings its answer to the session on this strand.
template <class Answer, class Take>
Committer::Done<Answer> SessionDriver::on_strand(Take take) {
  ++under_way_;
  return [self = shared_from_this(), take](Answer answer) {
    net::post(self->strand_, [self, take, answer = std::move(answer)]() mutable {
      --self->under_way_;
      self->take_in([&] {
        const bool was_open = self->session_.is_open();
        self->perform(take(self->session_, std::move(answer), self->services_.clock()));
        const bool has_opened = !was_open && self->session_.is_open();
        if (has_opened && self->caller_) self->services_.gate.prove(self->caller_->number);
        self->changed(has_opened);
      });
    });
  };
}

template <class Answer>
Committer::Done<Answer> SessionDriver::back(Requests (SyncSession::*take)(Answer,
                                                                          events::Timestamp)) {
  return on_strand<Answer>([take](SyncSession& session, Answer answer, events::Timestamp now) {
    return (session.*take)(std::move(answer), now);
  });
}

void SessionDriver::perform(Requests requests) {
  if (const std::optional<events::Error> withheld = session_.take_withheld()) {
    log_error("session_fault", {{"session", session_.number()},
                                {"chain", session_.chain().value},
                                {"code", events::name_of(withheld->code)},
                                {"reason", withheld->message}});
  }
  if (const std::optional<events::Error> refusal = session_.take_refusal()) {
    note_refusal(*refusal);
  }
  for (Request& request : requests) {
    std::visit([this](auto& each) { ask(std::move(each)); }, request);
  }
}

void SessionDriver::note_refusal(const events::Error& refusal) {
  if (!caller_) return;
  const bool is_code = refusal.code == ErrorCode::enrolment_refused;
  services_.security.note(is_code ? "refused_code" : "refused_greeting", caller_->address,
                          events::name_of(refusal.code), session_.chain().value);
  if (!is_fault_of_peer(refusal.code)) return;
  const auto now = ConnectionGate::Clock::now();
  const auto pause = services_.gate.fail(caller_->address, is_code, now);
  if (pause.count() > 0) paused_until_ = now + pause;
}

/// One session that runs out of memory must end neither the others nor the process.
void SessionDriver::take_in(const std::function<void()>& step) {
  try {
    step();
  } catch (const std::exception& exception) {
    log_error("session_broke", {{"session", session_.number()}, {"error", exception.what()}});
    broke();
  }
}

void SessionDriver::ask_for_wanted_files() {
  for (const events::protocol::FileName& file :
       services_.files.wants().of(session_.chain(), session_.rights())) {
    session_.ask_for(file);
  }
}

void SessionDriver::ask(AskAdmission request) {
  services_.committer.admit(request.chain,
                            back<events::Result<Admission>>(&SyncSession::on_admitted));
}
void SessionDriver::ask(AskEnrolment request) {
  services_.committer.enrol(
      std::move(request.request),
      back<events::Result<events::protocol::Enrolled>>(&SyncSession::on_enrolled));
}
void SessionDriver::ask(AskNewChain request) {
  services_.committer.continue_chain(
      std::move(request.request),
      back<events::Result<events::protocol::Enrolled>>(&SyncSession::on_enrolled));
}
void SessionDriver::ask(SubmitRun request) {
  services_.committer.submit(std::move(request.run), back<PushOutcome>(&SyncSession::on_committed));
}

void SessionDriver::ask(RecordPurge request) {
  services_.committer.record_purge(std::move(request.receipt),
                                   back<events::Result<void>>(&SyncSession::on_purge_recorded));
}

// ---- files of evidence ----

void SessionDriver::ask(FileRequest request) {
  std::visit([this](auto& each) { ask_file(std::move(each)); }, request);
}

void SessionDriver::ask_file(FindFile request) {
  auto take = [name = request.name](SyncSession& session, std::optional<FileFacts> facts,
                                    events::Timestamp now) {
    return session.on_file_found(name, facts, now);
  };
  services_.files.find(request.name, on_strand<std::optional<FileFacts>>(std::move(take)));
}

void SessionDriver::ask_file(OfferFile request) {
  auto take = [](SyncSession& session, const events::protocol::BlobState& state,
                 events::Timestamp now) { return session.on_file_state(state, now); };
  services_.files.offer(request.chain, std::move(request.facts), request.proof,
                        on_strand<events::protocol::BlobState>(std::move(take)));
}

void SessionDriver::ask_file(StorePiece request) {
  auto take = [bytes = request.piece.bytes.size()](
                  SyncSession& session, const events::protocol::BlobState& state,
                  events::Timestamp now) { return session.on_piece_stored(bytes, state, now); };
  services_.files.put(std::move(request.piece),
                      on_strand<events::protocol::BlobState>(std::move(take)));
}

void SessionDriver::ask_file(ReadFile request) {
  auto take = [name = request.facts.name, offset = request.offset](
                  SyncSession& session, events::Result<events::Bytes> bytes, events::Timestamp) {
    return session.on_file_read(name, offset, std::move(bytes));
  };
  services_.files.read(std::move(request.facts), request.offset,
                       on_strand<events::Result<events::Bytes>>(std::move(take)));
}

void SessionDriver::ask_file(AwaitFile request) { services_.files.wants().note(request.facts); }

void SessionDriver::ask(AskSnapshot request) {
  services_.snapshots.ask(std::move(request.question),
                          back<SnapshotPtr>(&SyncSession::on_snapshot));
}

void SessionDriver::ask(ReturnBlocks request) {
  services_.committer.return_blocks(
      std::move(request.repair_batch),
      back<events::Result<events::protocol::Reconcile>>(&SyncSession::on_blocks_returned));
}

void SessionDriver::ask(AskSummary request) {
  auto question = std::move(request.question);
  services_.projector.ask([question = std::move(question),
                           answer = back<Summary>(&SyncSession::on_summary)](const Folded& folded) {
    answer(summarize(question, folded.state, folded.views.statistics, folded.recent));
  });
}

}  // namespace server
