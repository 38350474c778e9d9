#include "server/session/session_driver.h"

#include <boost/asio/post.hpp>

#include <utility>
#include <variant>

namespace server {

SessionDriver::SessionDriver(net::any_io_executor strand, Services& services, std::uint64_t number)
    : strand_(std::move(strand)),
      services_(services),
      own_(std::make_unique<SyncSession>(services.log, services.private_store, services.packed,
                                         number)),
      session_(*own_) {
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
      const bool was_open = self->session_.is_open();
      self->perform(take(self->session_, std::move(answer), self->services_.clock()));
      self->changed(!was_open && self->session_.is_open());
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
  for (Request& request : requests) {
    std::visit([this](auto& each) { ask(std::move(each)); }, request);
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

void SessionDriver::ask(GiveBack request) {
  services_.committer.give_back(
      std::move(request.portion),
      back<events::Result<events::protocol::Reconcile>>(&SyncSession::on_given_back));
}

void SessionDriver::ask(AskSummary request) {
  auto question = std::move(request.question);
  services_.projector.ask([question = std::move(question),
                           answer = back<Summary>(&SyncSession::on_summary)](const Folded& folded) {
    answer(summarize(question, folded.state, folded.views.statistics));
  });
}

}  // namespace server
