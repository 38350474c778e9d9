#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/log/event_log.h"
#include "events/log/private_store.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/frame_scheduler.h"
#include "events/protocol/messages.h"
#include "server/commit/admission.h"
#include "server/commit/pushed_run.h"
#include "server/commit/repair_batch.h"
#include "server/session/answer_queue.h"
#include "server/session/file_exchange.h"
#include "server/session/greeting_proofs.h"
#include "server/session/puller.h"
#include "server/session/receipt_issuer.h"
#include "server/session/snapshot_exchange.h"
#include "server/session/summary_feed.h"
#include "server/session/work_budget.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace server {

/// The most runs of one session that may wait for the log thread; then the session stops reading.
inline constexpr std::size_t runs_in_flight_max = 8;
/// The most answer bytes that may wait for a slow peer; then the session stops reading.
inline constexpr std::size_t waiting_answer_bytes_max = 64 * 1024;
/// The most bytes of private records that a peer may send ahead of the push that names them.
inline constexpr std::size_t early_record_bytes_max = 64 * 1024;

// ---- what a session asks its driver to do ----

/// Answer with `on_admitted`.
struct AskAdmission {
  events::ChainNumber chain;
};
/// Answer with `on_enrolled`.
struct AskEnrolment {
  events::protocol::Enrol request;
};
/// Answer with `on_enrolled`.
struct AskNewChain {
  events::protocol::NewChain request;
};
/// Answer with `on_committed`, in the order of the requests.
struct SubmitRun {
  PushedRun run;
};
/// Answer with `on_summary`.
struct AskSummary {
  SummaryQuestion question;
};
/// Answer with `on_purge_recorded`.
struct RecordPurge {
  events::protocol::Purged receipt;
};
/// Answer with `on_snapshot`.
struct AskSnapshot {
  SnapshotQuestion question;
};
/// Answer with `on_blocks_returned`.
struct ReturnBlocks {
  RepairBatch repair_batch;
};
using Request = std::variant<AskAdmission, AskEnrolment, AskNewChain, SubmitRun, AskSummary,
                             RecordPurge, FileRequest, AskSnapshot, ReturnBlocks>;
using Requests = std::vector<Request>;

/// The server's side of one connection, without the connection itself.  Messages and answers go in,
/// requests come out, and `pump` gives the bytes to send.  The server, the simulator and the tests
/// drive the same object.
///
/// State: greeting → admitting → open → closing; enrolling leads back to greeting.  When no TLS
///        connection binds the greeting: greeting → admitting → challenged → admitting → open.
///        Before the device has answered the challenge in WELCOME, nothing is served and no older
///        connection is replaced.  Messages are parked, in their order, while the session waits for
///        an answer that it needs, or while enough is in flight.  A driver reads nothing more while
///        `wants_input()` is false, so at most the frames of one message are parked.
/// Memory: bounded by the constants above, one message, and one block with its private records.
/// Thread: one at a time; the log and the private store are only read.
class SyncSession {
 public:
  /// `transit`: the bundle in which the frames come; nothing: they come over a connection.
  /// Lifetime: `log`, `private_store` and `packed` outlive the session.
  SyncSession(const events::EventLog& log, const events::PrivateStore& private_store,
              PackedBlocks& packed, std::uint64_t number,
              std::optional<BundleTransit> transit = std::nullopt);

  /// Sets the TLS connection to which greetings must be bound.  Without TLS greetings must not be
  /// bound.
  /// Expects: no greeting has come yet.
  void bind_to(const std::optional<events::protocol::ChannelBinding>& binding) {
    binding_ = binding;
  }
  /// A page in a browser speaks, which knows no binding: its greetings are challenged, and over TLS
  /// they have to say that they are a page's.
  /// Expects: `bind_to` was called, and no greeting has come yet.
  void speak_with_page() {
    is_page_in_tls_ = binding_.has_value();
    binding_.reset();
  }

  /// Lets the session sign ENROLLED with the log's key, and challenge greetings that no TLS
  /// connection and no bundle binds.  Without this call no greeting is challenged, and ENROLLED is
  /// not signed.
  /// Expects:  no greeting has come yet.
  /// Lifetime: `proofs` outlives the session.
  void prove_with(GreetingProofs& proofs) { proofs_ = &proofs; }

  /// Charges what the device asks to the device's budget.  While the budget is overdrawn, nothing
  /// is read or pulled.  Without this call nothing is counted.
  /// Expects:  no greeting has come yet.
  /// Lifetime: `budgets` outlives the session.
  void spend_from(WorkBudgets& budgets) { budgets_ = &budgets; }

  /// The peer sends everything before it hears an answer, as over HTTP and by bundle.  The session
  /// then neither expects nor waits for credit, and frames behind an offer of a file wait until the
  /// offer is answered.
  /// Expects: no greeting has come yet.
  void speak_in_turns() { in_turns_ = true; }
  /// The log lives at another address: HELLO is answered with `moved`, another greeting fails.
  /// Expects: no greeting has come yet.
  void send_on_to(const events::protocol::Moved& moved) { moved_ = moved; }
  /// Sets how many stored bytes of its scope a device has to lack before a snapshot is considered.
  void offer_snapshots_from(std::size_t bytes) { snapshots_.set_bytes_worth_asking(bytes); }

  // ---- input ----

  /// Takes all frames of one WebSocket message or HTTP body.
  Requests on_bytes(events::ByteView bytes, events::Timestamp now);
  Requests on_message(events::protocol::Message message, events::Timestamp now);
  /// Takes the answer to AskAdmission.  An open session compares its rights with the new ones and
  /// says goodbye when they differ.
  Requests on_admitted(events::Result<Admission> admission, events::Timestamp now);
  Requests on_enrolled(events::Result<events::protocol::Enrolled> enrolled, events::Timestamp now);
  Requests on_committed(PushOutcome outcome, events::Timestamp now);
  Requests on_summary(Summary summary, events::Timestamp now);
  Requests on_snapshot(SnapshotPtr snapshot, events::Timestamp now);
  /// Asks for the rights of the reader again when the day came on which they may be others.  Until
  /// the answer comes nothing of the log is sent.  The driver calls it before it pumps.
  Requests end_rights(events::Timestamp now);
  /// Does what has become due with time.  The driver calls it when there is nothing to send, and at
  /// `due()`.
  Requests on_time(events::Timestamp now);
  Requests on_purge_recorded(events::Result<void> recorded, events::Timestamp now);
  // Answers to a FileRequest.
  Requests on_file_found(const events::protocol::FileName& name,
                         const std::optional<FileFacts>& facts, events::Timestamp now);
  Requests on_file_state(const events::protocol::BlobState& state, events::Timestamp now);
  Requests on_piece_stored(std::size_t bytes, const events::protocol::BlobState& state,
                           events::Timestamp now);
  Requests on_file_read(const events::protocol::FileName& name, std::uint32_t offset,
                        events::Result<events::Bytes> bytes);
  /// Asks the device to offer a file, because another device wants it.
  void ask_for(const events::protocol::FileName& file);
  /// The connection is over: the requests that keep what came of unfinished files.
  Requests leave();
  Requests on_blocks_returned(events::Result<events::protocol::Reconcile> answer,
                              events::Timestamp now);
  /// Asks for the session's rights again.  The driver calls it after a change of roles, devices or
  /// units.
  Requests recheck();

  /// Tells the peer the reason and closes the session once the waiting answers have been sent.
  void goodbye(events::protocol::GoawayReason reason, std::uint32_t retry_after_milliseconds);
  void fail(const events::Error& error, std::uint8_t about);

  // ---- output ----

  /// The next whole frames to send: at most `max_bytes`, or one frame if that frame is longer.
  /// Empty when there is nothing to send now; ask again after the next input, or when the log has
  /// grown.
  events::Bytes pump(std::size_t max_bytes);
  /// The requests to read bytes of files that are to be sent.  The driver calls it after `pump`.
  Requests reads();
  /// The last error whose text was kept from the peer, for the server's log.  Each comes once.
  std::optional<events::Error> take_withheld() { return std::exchange(withheld_, std::nullopt); }

  // ---- for the driver ----

  /// Why a greeting or an enrolment was refused.  Each refusal comes once.
  std::optional<events::Error> take_refusal() { return std::exchange(refusal_, std::nullopt); }

  bool wants_input() const;
  /// The time until which nothing is read or pulled, because the device has asked too much.
  /// `on_time` and `on_bytes` end the hold when that time has come.
  std::optional<events::Timestamp> held_until() const { return held_until_; }
  /// Whether the driver has to close the connection as soon as pump() is empty.
  bool is_closing() const { return state_ == State::closing; }
  bool is_open() const { return state_ == State::open; }
  /// Whether the driver has to wake the session when the log grows: the session is open, and it
  /// stays and has everything, or a subscription waits for news.
  bool wants_wake() const;
  /// The next time at which on_time() may have something to do although nothing else happens.
  std::optional<events::Timestamp> due() const;

  std::uint64_t number() const { return number_; }
  events::ChainNumber chain() const { return hello_.chain; }
  /// The newest rules that the device's build can judge by, as it says.
  events::RulesVersion device_rules() const { return hello_.rules; }
  /// Expects: is_open().
  const events::ReaderScope& scope() const { return admission_.rights.scope; }
  const ReaderRights& rights() const { return admission_.rights; }
  std::uint64_t access_version() const { return admission_.access_version; }
  events::Position seen_head() const;

 private:
  enum class State { greeting, admitting, enrolling, challenged, open, closing };

  void serve(events::protocol::Hello hello, Requests& requests);
  void serve(events::protocol::Enrol enrol, Requests& requests);
  void serve(events::protocol::NewChain request, Requests& requests);
  void serve(events::protocol::Answer answer, Requests& requests);
  void serve(events::protocol::PrivateRecords early, Requests& requests);
  void serve(events::protocol::SignedReceipt shown, Requests& requests);
  void serve(events::protocol::Push push, Requests& requests);
  void serve(events::protocol::Prove prove, Requests& requests);
  void serve(events::protocol::Subscribe subscribe, Requests& requests);
  void serve(events::protocol::Unsubscribe unsubscribe, Requests& requests);
  void serve(events::protocol::Purged receipt, Requests& requests);
  void serve(events::protocol::SnapWant want, Requests& requests);
  void serve(events::protocol::Recover recovered, Requests& requests);
  void serve(events::protocol::Reconcile reconcile, Requests& requests);
  void serve(events::protocol::ErrorFrame error, Requests& requests);
  void serve(events::protocol::BlobOffer offer, Requests& requests);
  void serve(events::protocol::BlobChunk chunk, Requests& requests);
  void serve(events::protocol::BlobWant want, Requests& requests);
  void serve(events::protocol::Credit credit, Requests& requests);
  template <class T>
  void serve(T unexpected, Requests& requests);

  /// Serves the parked messages, as long as the session may serve.
  Requests serve_parked(events::Timestamp now);
  void tell_new_address(const events::protocol::Message& greeting);
  bool may_serve() const;
  void charge(Work work, std::size_t count, events::Timestamp now);
  /// Ends the hold of `held_until_` when its time has come, or when the clock was set back.
  void end_hold(events::Timestamp now);
  bool must_wait(const events::protocol::Message& message) const;
  /// Whether the reader returns credit for the bytes that it gets.
  bool returns_credit() const { return files_ && !in_turns_; }
  /// The action that WELCOME asks of the device.
  /// Errors:  those of reading the log.
  events::Result<events::protocol::WelcomeAction> action_for(const Admission& admission) const;
  /// Compares the head that HELLO names with the log.
  /// Errors:  log_diverged, fork: WELCOME tells them, because it is signed and a device acts on no
  ///          unsigned word; those of reading the log.
  events::Result<void> check_head(const events::ChainHead& accepted) const;
  bool must_answer() const { return proofs_ != nullptr && !binding_ && !transit_; }
  void say_welcome(events::Timestamp now);
  /// Opens the session of a device that answered the challenge, unless its rights are no longer
  /// those of WELCOME.
  Requests admit_answered(const Admission& admission, events::Timestamp now);
  /// Closes the session, because another message came where ANSWER has to come.
  void refuse_unanswered(std::uint8_t about);
  Requests open(events::Timestamp now);
  void begin_serving(events::Timestamp now);
  /// Begins to look for a snapshot, for a device that takes snapshots, before anything is pulled.
  void begin_snapshot(events::Position cursor, Requests& requests);
  /// Opens the session of a log under repair: the device gives back what the log lacks.  It reads
  /// no events until the repair is over; its questions about totals and dossier statuses are
  /// answered.
  void begin_repair();
  /// Fails and returns true when the log under repair does not know the chain.  Such a chain may
  /// only give back blocks.
  bool refuses_stranger(std::uint8_t about);
  events::Result<void> check_signed(const Admission& admission) const;
  events::Result<void> check_cursor() const;
  /// Sends a revoked device away once it has nothing more to deliver.
  void dismiss_revoked();
  events::Result<void> check_place(const events::DeviceBlock& head) const;
  /// Errors:  wrong_log, not_permitted, gap.
  events::Result<events::Digest> hash_before_run(const events::DeviceBlock& head) const;
  void refuse_push(const events::Error& error, std::uint64_t first_seq);
  void acknowledge(events::protocol::PushAck ack, std::uint64_t pushed_upto);
  /// Removes from an answer what it says of events behind the pushed run.  These events were parked
  /// until the run came.  They are acknowledged when the device pushes them, because only that
  /// shows that it still has them.
  void leave_to_later_pushes(events::protocol::PushAck& ack, std::uint64_t pushed_upto) const;
  /// The head of the chain as the device has it; nothing by bundle, where HELLO may be days old.
  std::optional<events::ChainHead> announced() const;
  /// Queues an answer; every answer goes this way.  It withholds texts about this machine, see
  /// wire_error.h.
  void say(events::protocol::Message message);
  void withhold(events::ErrorCode code, std::string& text);
  bool serves_files(std::uint8_t about);
  void say_all(const FileExchange::Messages& messages);

  events::protocol::ReadyClasses ready_classes() const;
  /// The next frame of that class; nothing when the class has none after all.
  events::Result<std::optional<events::Bytes>> next_frame(events::protocol::FrameClass of);
  /// The signed receipt that is due, otherwise the next frame that the reader pulls.
  events::Result<std::optional<events::Bytes>> next_pulled();

  const events::EventLog& log_;
  const events::PrivateStore& private_store_;
  PackedBlocks& packed_;
  std::uint64_t number_;
  std::optional<BundleTransit> transit_;
  bool in_turns_;
  State state_ = State::greeting;
  int wrong_codes_ = 0;
  std::optional<events::protocol::ChannelBinding> binding_;  // Nothing on a page's connection.
  bool is_page_in_tls_ = false;
  std::optional<events::protocol::Moved> moved_;
  GreetingProofs* proofs_ = nullptr;
  WorkBudgets* budgets_ = nullptr;
  bool asks_for_rights_ = false;  // Their last day is over, and the answer is not there yet.
  std::optional<events::Timestamp> held_until_;
  events::Timestamp held_since_;
  events::Digest request_digest_;             // Of ENROL or NEW_CHAIN, while enrolling.
  events::protocol::Challenge challenge_{};   // From challenged on.
  bool has_answered_ = false;                 // The challenge was answered.
  events::Timestamp last_heard_;              // Server clock, when the last message was served.
  events::protocol::WelcomeAction action_{};  // Of WELCOME.

  // Lists: an empty deque holds half a kilobyte, and there are thousands of silent sessions.
  std::list<events::protocol::Message> parked_;
  AnswerQueue answers_;  // Answers go before pulled frames.
  std::vector<events::PrivateRecord> early_records_;
  std::size_t early_record_bytes_ = 0;
  std::list<events::ChainHead> in_flight_;  // The end of each submitted run, in their order.
  events::ChainHead last_run_;              // The end of the last submitted run; for bundles.

  events::protocol::Hello hello_;            // From admitting on.
  Admission admission_;                      // From open on.
  std::optional<events::VerifyingKey> key_;  // From open on; none while the log is repaired.
  events::ChainHead shown_;  // The end of the chain that a shown receipt proves this log had.
  std::uint64_t accepted_seq_ = 0;
  std::unique_ptr<Puller> puller_;       // From open on.
  std::optional<ReceiptIssuer> issuer_;  // From open on.
  SnapshotExchange snapshots_;
  SummaryFeed summaries_;
  std::optional<RepairBatchCollector> blocks_returned_;  // While the log is repaired.
  bool is_repairing_ = false;                            // A batch is on the log thread.
  std::optional<events::Error> withheld_;
  std::optional<events::Error> refusal_;
  bool purged_ = false;  // A purge receipt of this connection was recorded.

  std::optional<FileExchange> files_;  // From open on, for devices that speak of files.
  // The bytes for which a reader that returns credit has room.
  std::int64_t credit_ = events::protocol::initial_credit_bytes;
  events::protocol::FrameScheduler scheduler_;
};

}  // namespace server
