#include "server/session/session_driver.h"

#include <boost/asio/post.hpp>

#include <utility>
#include <variant>

namespace server {

SessionDriver::SessionDriver(net::any_io_executor strand, Services& services, std::uint64_t number)
    : strand_(std::move(strand)),
      services_(services),
      session_(services.log, services.private_store, services.packed, number) {}

/// A function for the log or projection thread that brings its answer back to this strand.
template <class Answer>
Committer::Done<Answer> SessionDriver::back(Requests (SyncSession::*take)(Answer,
                                                                          events::Timestamp)) {
  ++under_way_;
  return [self = shared_from_this(), take](Answer answer) {
    net::post(self->strand_, [self, take, answer = std::move(answer)]() mutable {
      --self->under_way_;
      const bool was_open = self->session_.is_open();
      self->perform((self->session_.*take)(std::move(answer), self->services_.clock()));
      self->changed(!was_open && self->session_.is_open());
    });
  };
}

void SessionDriver::perform(Requests requests) {
  for (Request& request : requests) {
    std::visit([this](auto& each) { ask(std::move(each)); }, request);
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
void SessionDriver::ask(SubmitRun request) {
  services_.committer.submit(std::move(request.run), back<PushOutcome>(&SyncSession::on_committed));
}

void SessionDriver::ask(RecordPurge request) {
  services_.committer.record_purge(std::move(request.receipt),
                                   back<events::Result<void>>(&SyncSession::on_purge_recorded));
}

void SessionDriver::ask(AskSummary request) {
  auto question = std::move(request.question);
  services_.projector.ask([question = std::move(question),
                           answer = back<Summary>(&SyncSession::on_summary)](const Folded& folded) {
    answer(summarize(question, folded.state, folded.views.statistics));
  });
}

}  // namespace server
