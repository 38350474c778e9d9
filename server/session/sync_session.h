#pragma once

#include "events/bytes.h"
#include "events/event_log.h"
#include "events/private_store.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/frame_scheduler.h"
#include "events/protocol/messages.h"
#include "events/result.h"
#include "server/commit/admission.h"
#include "server/commit/pushed_run.h"
#include "server/repair/repair_batch.h"
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

/// Runs of one session that may wait for the log thread; then it stops reading.
inline constexpr std::size_t runs_in_flight_max = 8;
/// Answers that may wait for a slow peer; then the session stops reading.
inline constexpr std::size_t waiting_answer_bytes_max = 64 * 1024;
/// Private records that a peer may send ahead of the push that names them.
inline constexpr std::size_t early_record_bytes_max = 64 * 1024;

// ---- what a session asks its surroundings to do ----

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

/// The server's side of one connection, without the connection: messages and answers go in,
/// requests come out, and `pump` gives the bytes to send.  The server, the simulator and the tests
/// drive the same object.
///
/// State: greeting → admitting → open → closing; where the greeting is bound to no TLS connection,
/// greeting → admitting → challenged → admitting → open: nothing is served and no older connection
/// replaced before the device has answered the challenge in WELCOME.  Messages that arrive while
/// the session waits for an answer it needs, or has enough in flight, are parked in their order; a
/// well-behaved driver reads nothing more while `wants_input()` is false, so what is parked is at
/// most one message.
/// Memory: bounded by the constants above, one message, and one block with its private records.
/// Thread: one at a time; the log and the private store are only read.
class SyncSession {
 public:
  /// `transit`: the frames come by bundle, in a bundle.
  /// Lifetime: `log`, `private_store` and `packed` outlive the session.
  SyncSession(const events::EventLog& log, const events::PrivateStore& private_store,
              PackedBlocks& packed, std::uint64_t number,
              std::optional<BundleTransit> transit = std::nullopt);

  /// The TLS connection that greetings must be bound to; before the first of them.  Without TLS
  /// greetings must not be bound.
  void bind_to(const std::optional<events::protocol::ChannelBinding>& binding) {
    binding_ = binding;
  }

  /// Answers are signed with this key, and greetings that nothing binds are challenged.  Before the
  /// first of them; without it none is challenged, and no request for a chain is answered.
  /// Lifetime: `proofs` outlives the session.
  void prove_with(GreetingProofs& proofs) { proofs_ = &proofs; }

  /// What the device asks is charged to its budget; while it owes, nothing is read or pulled.
  /// Before the first greeting; without it nothing is counted. Lifetime: `budgets` outlives the
  /// session.
  void spend_from(WorkBudgets& budgets) { budgets_ = &budgets; }

  /// The peer hears nothing before it has said everything, as over HTTP and by bundle: no credit
  /// comes back or is waited for, and what follows an offer waits for what becomes of it.  Before
  /// the first greeting.
  void speak_in_turns() { in_turns_ = true; }
  /// The log lives elsewhere: every greeting is answered with this.  Before the first of them.
  void send_on_to(const events::protocol::Moved& moved) { moved_ = moved; }
  /// Stored bytes of its scope that a device has to lack before a snapshot is thought of.
  void offer_snapshots_from(std::size_t bytes) { snapshots_.set_bytes_worth_asking(bytes); }

  // ---- input ----

  /// All frames of one WebSocket message or HTTP body.
  Requests on_bytes(events::ByteView bytes, events::Timestamp now);
  Requests on_message(events::protocol::Message message, events::Timestamp now);
  /// Also for a session that is open already: its rights are compared with the new ones, and it
  /// says goodbye when they differ.
  Requests on_admitted(events::Result<Admission> admission, events::Timestamp now);
  Requests on_enrolled(events::Result<events::protocol::Enrolled> enrolled, events::Timestamp now);
  Requests on_committed(PushOutcome outcome, events::Timestamp now);
  Requests on_summary(Summary summary, events::Timestamp now);
  Requests on_snapshot(SnapshotPtr snapshot, events::Timestamp now);
  /// What is due by itself; to be called when there is nothing to send, and at `due()`.
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
  /// Somebody asked for a file that this device has: it is told to offer it.
  void ask_for(const events::protocol::FileName& file);
  /// The connection is over: what is to be kept of it.
  Requests leave();
  Requests on_blocks_returned(events::Result<events::protocol::Reconcile> answer,
                              events::Timestamp now);
  /// Asks for the session's rights again, after a change of roles, devices or units.
  Requests recheck();

  /// Says why and closes, once what waits has been sent.
  void goodbye(events::protocol::GoawayReason reason, std::uint32_t retry_after_milliseconds);
  void fail(const events::Error& error, std::uint8_t about);

  // ---- output ----

  /// The next whole frames to send, `max_bytes` of them or one frame if that is more.  Empty: there
  /// is nothing to send now; ask again after the next input, or when the log has grown.
  events::Bytes pump(std::size_t max_bytes);
  /// What sending files needs read; to be called after `pump`.
  Requests reads();
  /// The last error whose text was kept from the peer, for the log; each once.
  std::optional<events::Error> take_withheld() { return std::exchange(withheld_, std::nullopt); }

  // ---- for the driver ----

  /// Why a greeting or enrolment was refused; each once.
  std::optional<events::Error> take_refusal() { return std::exchange(refusal_, std::nullopt); }

  bool wants_input() const;
  /// Until when nothing is read or pulled, because the device has asked too much; `on_time` and
  /// `on_bytes` find that it is over.
  std::optional<events::Timestamp> held_until() const { return held_until_; }
  /// Close the connection as soon as pump() is empty.
  bool is_closing() const { return state_ == State::closing; }
  bool is_open() const { return state_ == State::open; }
  /// An open session that stays and has everything: wake it when the log grows.
  bool wants_wake() const;
  /// When on_time() may have something to ask although nothing else happens.
  std::optional<events::Timestamp> due() const;

  std::uint64_t number() const { return number_; }
  events::ChainNumber chain() const { return hello_.chain; }
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

  /// Serves parked messages as long as the session may.
  Requests serve_parked(events::Timestamp now);
  void log_peer(const events::protocol::Message& greeting);
  bool may_serve() const;
  void charge(Work work, std::size_t count, events::Timestamp now);
  /// Nothing is owed any more.
  void end_hold(events::Timestamp now);
  bool must_wait(const events::protocol::Message& message) const;
  /// The reader returns credit for what it gets.
  bool returns_credit() const { return files_ && !in_turns_; }
  /// What WELCOME asks of the device.
  /// Errors:  the log could not be read.
  events::Result<events::protocol::WelcomeAction> action_for(const Admission& admission) const;
  /// log_diverged and fork come by WELCOME, which is signed: a device acts on no bare word.
  events::Result<void> check_head(const events::ChainHead& accepted) const;
  bool must_answer() const { return proofs_ != nullptr && !binding_ && !transit_; }
  void say_welcome(events::Timestamp now);
  /// The device has proved that it is there: what was looked up when it greeted is looked at again.
  Requests admit_answered(const Admission& admission, events::Timestamp now);
  /// Something else came where the challenge was to be answered.
  void refuse_unanswered(std::uint8_t about);
  Requests open(events::Timestamp now);
  void begin_serving(events::Timestamp now);
  /// For a device that takes snapshots, before anything is pulled.
  void begin_snapshot(events::Position cursor, Requests& requests);
  /// The log was restored: the device is asked for what the log lacks.  Of events it reads nothing
  /// before that is over; its questions about totals and dossier statuses are answered.
  void begin_repair();
  /// Of a chain that the repair log does not know only what it gives back is heard.
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
  /// Takes out of an answer what it says of events behind the pushed run: they waited for it, and
  /// whether the device still has them is seen when it pushes them.
  void leave_to_later_pushes(events::protocol::PushAck& ack, std::uint64_t pushed_upto) const;
  /// The head of the chain as the device has it; nothing by bundle, where HELLO is of another day.
  std::optional<events::ChainHead> announced() const;
  /// The one way out for answers: texts about this machine stay here, see wire_error.h.
  void say(events::protocol::Message message);
  void withhold(events::ErrorCode code, std::string& text);
  bool serves_files(std::uint8_t about);
  void say_all(const FileExchange::Messages& messages);

  events::protocol::ReadyClasses ready_classes() const;
  /// The next frame of that class; nothing when it has none after all.
  events::Result<std::optional<events::Bytes>> next_frame(events::protocol::FrameClass of);
  /// The receipt that is due, then what the reader pulls.
  events::Result<std::optional<events::Bytes>> next_pulled();

  const events::EventLog& log_;
  const events::PrivateStore& private_store_;
  PackedBlocks& packed_;
  std::uint64_t number_;
  std::optional<BundleTransit> transit_;
  bool in_turns_;
  State state_ = State::greeting;
  int wrong_codes_ = 0;
  std::optional<events::protocol::ChannelBinding> binding_;
  std::optional<events::protocol::Moved> moved_;
  GreetingProofs* proofs_ = nullptr;
  WorkBudgets* budgets_ = nullptr;
  std::optional<events::Timestamp> held_until_;
  events::Timestamp held_since_;
  events::Digest request_digest_;             // Of ENROL or NEW_CHAIN, while enrolling.
  events::protocol::Challenge challenge_{};   // From challenged on.
  bool has_answered_ = false;                 // The challenge.
  events::Timestamp last_heard_;              // Server clock, when the last message was served.
  events::protocol::WelcomeAction action_{};  // Of WELCOME.

  // Lists: an empty deque holds half a kilobyte, and there are thousands of silent sessions.
  std::list<events::protocol::Message> parked_;
  AnswerQueue answers_;  // They go before what is pulled.
  std::vector<events::PrivateRecord> early_records_;
  std::size_t early_record_bytes_ = 0;
  std::list<events::ChainHead> in_flight_;  // Where each submitted run ends, in their order.
  events::ChainHead last_run_;              // Where the last of them ended; by bundle only.

  events::protocol::Hello hello_;            // From admitting on.
  Admission admission_;                      // From open on.
  std::optional<events::VerifyingKey> key_;  // From open on; none while the log is repaired.
  events::ChainHead shown_;  // Up to where the device showed that this log had its chain once.
  std::uint64_t accepted_seq_ = 0;
  std::unique_ptr<Puller> puller_;       // From open on.
  std::optional<ReceiptIssuer> issuer_;  // From open on.
  SnapshotExchange snapshots_;
  SummaryFeed summaries_;
  std::optional<RepairBatchCollector> blocks_returned_;  // While the log is repaired.
  bool is_repairing_ = false;                            // A batch is on the log thread.
  std::optional<events::Error> withheld_;
  std::optional<events::Error> refusal_;
  bool purged_ = false;  // The device has confirmed on this connection that it let go.

  std::optional<FileExchange> files_;  // From open on, for devices that speak of files.
  // How many bytes a reader that returns credit has room for.
  std::int64_t credit_ = events::protocol::initial_credit_bytes;
  events::protocol::FrameScheduler scheduler_;
};

}  // namespace server
