#pragma once

#include "server/base/peer_address.h"
#include "server/base/task.h"
#include "server/session/services.h"
#include "server/session/sync_session.h"

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

namespace server {

/// Carries what a session asks to the log thread and the answers back to the session's strand.
///
/// Thread: its executor, which must be a strand; the log thread only posts to it.
class SessionDriver : public std::enable_shared_from_this<SessionDriver> {
 public:
  SessionDriver(net::any_io_executor strand, Services& services, Caller caller);
  /// Drives a session that somebody else made.
  /// Lifetime: `session` is there as long as the driver.
  SessionDriver(net::any_io_executor strand, Services& services, SyncSession& session);
  virtual ~SessionDriver() = default;
  SessionDriver(const SessionDriver&) = delete;
  SessionDriver& operator=(const SessionDriver&) = delete;

 protected:
  const net::any_io_executor& strand() const { return strand_; }
  Services& services() { return services_; }
  SyncSession& session() { return session_; }
  /// Requests whose answers have not come.
  std::size_t under_way() const { return under_way_; }

  void perform(Requests requests);
  /// Until when a refusal must not be answered: its address has been refused too often.
  ConnectionGate::Clock::time_point paused_until() const { return paused_until_; }
  /// Tells the device which of its files somebody waits for.
  void ask_for_wanted_files();
  /// An answer came: there may be bytes to send.  `has_opened`: the greeting was accepted by it.
  virtual void changed(bool has_opened) = 0;
  /// Something was thrown while an answer was taken in, most likely for want of memory: the session
  /// is not to be used any more.
  virtual void broke() = 0;

 private:
  void note_refusal(const events::Error& refusal);
  void take_in(const std::function<void()>& step);
  void ask(AskAdmission request);
  void ask(AskEnrolment request);
  void ask(AskNewChain request);
  void ask(SubmitRun request);
  void ask(AskSummary request);
  void ask(RecordPurge request);
  void ask(FileRequest request);
  void ask_file(FindFile request);
  void ask_file(OfferFile request);
  void ask_file(StorePiece request);
  void ask_file(ReadFile request);
  void ask_file(AwaitFile request);
  template <class Answer, class Take>
  Committer::Done<Answer> on_strand(Take take);
  void ask(AskSnapshot request);
  void ask(ReturnBlocks request);
  template <class Answer>
  Committer::Done<Answer> back(Requests (SyncSession::*take)(Answer, events::Timestamp));

  net::any_io_executor strand_;
  Services& services_;
  std::unique_ptr<SyncSession> own_;
  SyncSession& session_;
  std::optional<Caller> caller_;  ///< None by bundle: who hands a bundle over is not its author.
  std::size_t under_way_ = 0;
  ConnectionGate::Clock::time_point paused_until_{};
};

}  // namespace server
