#pragma once

#include "clients/core/log/server_proof.h"
#include "clients/core/replica/replica.h"
#include "clients/core/sync/scope_state.h"
#include "clients/core/sync/snapshot_receiver.h"
#include "events/base/enum_table.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clients {

/// How far a synchronisation is, and how it ended.
enum class SyncState : std::uint8_t {
  idle = 0,
  greeting = 1,  ///< HELLO was sent, and WELCOME has not come yet.
  running = 2,
  reconnect = 3,  ///< Connect again at once: the log or the scope changed.
  stopped = 4,    ///< The server ended it, or the quota of the day is used: another time will do.
  forked = 5,     ///< Another device wrote on this chain, or this one was restored from a backup.
  revoked = 6,    ///< The device was revoked.
  moved = 8,      ///< The log lives at another address, see moved_to().
  failed = 7,     ///< A frame or the store was wrong; what the device holds stays good.
  repairing = 9,  ///< The restored server has all that this device gives, and waits for others.
};

}  // namespace clients

template <>
struct events::EnumTable<clients::SyncState> {
  using enum clients::SyncState;
  static constexpr EnumRow<clients::SyncState> rows[] = {
      {idle, "idle"},           {greeting, "greeting"}, {running, "running"},
      {reconnect, "reconnect"}, {stopped, "stopped"},   {forked, "forked"},
      {revoked, "revoked"},     {moved, "moved"},       {failed, "failed"},
      {repairing, "repairing"},
  };
};

namespace clients {

/// Numbers for a progress bar and for the last line of a synchronisation.
struct SyncProgress {
  std::uint64_t own_events = 0;      ///< Head of the own chain.
  std::uint64_t accepted = 0;        ///< Own events the server holds.
  std::uint64_t verdicts_known = 0;  ///< Own events whose verdicts are here.
  events::Position received_to;      ///< The cursor.
  events::Position log_head;         ///< The furthest position that the server has named.
  std::uint64_t blocks_received = 0;
  std::uint64_t events_received = 0;
  bool caught_up = false;
  bool live = false;         ///< The connection stays: proofs of live blocks may follow.
  std::size_t unproved = 0;  ///< Blocks that no signature of their author covers yet.
  std::size_t open = 0;      ///< Those of them that do not count before their signature has come.
  bool asked_for_proofs = false;
  bool head_confirmed = false;  ///< The device has all that the log's signed head says it must.
  SnapshotProgress snapshot;
  bool repairing = false;             ///< The server was restored and takes nothing new yet.
  std::uint64_t blocks_returned = 0;  ///< Blocks given back to the server on this connection.

  /// Whether the device is in step with the log: every own event has its verdict, no block is
  /// missing, and no block lacks its author's signature.  Only on a live connection may live blocks
  /// still lack it; their proofs follow.
  bool synced() const {
    return !repairing && caught_up && head_confirmed && open == 0 && (live || unproved == 0) &&
           accepted == own_events && verdicts_known == own_events;
  }
  /// Whether the device is in step and expects no answer.  A connection that is not live may end.
  bool finished() const { return synced() && !asked_for_proofs; }
};

/// The half of a device's synchronisation that takes the log in, without any I/O: frames go in,
/// frames come out.  A wrong frame gives an Error and ends the connection.  Cut, repeated or late
/// frames change nothing.  A device that never records needs nothing else; SyncEngine adds what
/// hands own events over.
///
/// On a connection the engine sends nothing but the greeting until the server has proved with
/// WELCOME that it holds the log's key.  Frames that the server sends before that change nothing on
/// the device (docs/decisions/0027-proved-greetings.md).
///
/// State: see SyncState; one engine for one connection.
/// Thread: one at a time.
class PullEngine {
 public:
  using Frames = std::vector<events::protocol::Message>;

  /// Lifetime: `replica` outlives the engine.
  PullEngine(Replica& replica, bool live) : replica_(replica), live_(live), snapshots_(replica) {}
  virtual ~PullEngine() = default;

  /// Announces that the device also sends and takes files and returns credit, see FileSync.
  /// Expects: `start` was not called yet.
  void speak_of_files() { features_ |= events::protocol::feature_files; }
  /// Says in the greeting that a page in a browser speaks, which knows no binding.
  void speak_as_page() { features_ |= events::protocol::feature_page; }
  /// Files in `files` are destroyed when the device may not hold them any longer.
  /// Expects:  `start` was not called yet.
  /// Lifetime: `files` outlives the engine.
  void keep_files(FileStore& files) { files_ = &files; }
  /// Lets the server send a snapshot in place of a long stretch of the log.
  /// Expects: `start` was not called yet.
  void accept_snapshots() { accepts_snapshots_ = true; }
  /// The server has proved itself with an earlier WELCOME, as over HTTP, where each request greets.
  /// `start` then puts what is to be pushed right behind the greeting, and before it the answer to
  /// `challenge`, the challenge of that WELCOME.
  /// Expects: `start` was not called yet.
  void go_on(const std::optional<events::protocol::Challenge>& challenge) {
    is_proved_before_ = true;
    proof_.expect(challenge);
  }
  /// The frames travel in bundles.  A bundle is sealed to the server, and the server signs its
  /// answer as a whole.  An answer may be days old and tells the time at which it was written.
  /// Expects: `start` was not called yet.
  void speak_by_bundle() { is_proved_before_ = by_bundle_ = true; }
  /// The same, and what the engine says goes nowhere: it takes the server's answer in.
  /// Expects: `start` was not called yet.
  void listen_by_bundle() {
    speak_by_bundle();
    only_listens_ = true;
  }
  /// The first frames: HELLO, and after go_on() or speak_by_bundle() what goes behind it.
  /// `binding`: of the TLS connection, see channel_binding.h.  Where a browser holds the device's
  /// key nothing is said yet: see say_owed().
  /// Errors:  locked; device_storage, storage_corrupt.
  events::Result<Frames> start(
      events::Timestamp now, const std::array<std::uint8_t, 16>& nonce,
      const std::optional<events::protocol::ChannelBinding>& binding = std::nullopt);
  /// Takes a frame and returns the frames to send.
  /// Errors:  the connection is to be closed; state() says what to do next.
  events::Result<Frames> on_message(const events::protocol::Message& message,
                                    events::Timestamp now);
  /// Takes a further WELCOME to the same greeting, as over HTTP while the server is repaired.  Its
  /// challenge is the next one to answer.
  /// Errors:  unproved_server, wrong_log.
  events::Result<void> renew(const events::protocol::Welcome& welcome) {
    return check_proof(welcome);
  }
  /// What waits for a signature of the device's key, and what waits behind it, as far as it is
  /// signed now.  Frames that came meanwhile were taken in as ever.  Signer says which signatures
  /// lack. Errors:  as on_message().
  events::Result<Frames> say_owed(events::Timestamp now);
  /// Whether something waits for a signature.
  virtual bool owes() const { return unsigned_hello_ || owes_answer_ || owes_receipt_; }
  /// The challenge of the last WELCOME; nothing where the greeting needs no answer.
  const std::optional<events::protocol::Challenge>& challenge() const { return proof_.challenge(); }
  /// Appends the ANSWER to that challenge, if there is one and it can be signed.
  void append_answer(Frames& frames);
  /// Says what is owed, and on a live connection what the device recorded since the last time.
  virtual events::Result<Frames> push_new(events::Timestamp now) { return say_owed(now); }

  SyncState state() const { return state_; }
  virtual SyncProgress progress() const;
  /// Why the synchronisation stopped or was refused; English, for operators.
  const std::string& reason() const { return reason_; }
  /// The new address of the log, signed by the server's key; empty: the log has not moved.
  const std::string& moved_to() const { return moved_to_; }
  /// How long the server asked the device to wait before the next try.
  std::uint32_t retry_after_milliseconds() const { return retry_after_; }
  /// Server clock minus device clock, at the greeting.
  std::int64_t clock_difference_milliseconds() const { return clock_difference_; }
  /// The rules by which the log is judged, as WELCOME says; none before it.
  events::RulesVersion server_rules() const { return server_rules_; }

 protected:
  // What the half that hands own events over does at its places; a device without it does nothing.

  /// A frame of whose kind this half knows nothing.
  virtual events::Result<Frames> serve_other(const events::protocol::Message& message,
                                             events::Timestamp now);
  /// The frames that bring own events to the server, as many as may go now.
  virtual events::Result<Frames> push_window(events::Timestamp now);
  /// What waited for signatures of own events, as far as they are given now.
  virtual events::Result<Frames> owed_pushes(events::Timestamp now);
  /// `frames`, unless pushing has stopped and nothing else keeps the connection: then it ends.
  virtual events::Result<Frames> stop_pushing(events::Result<Frames> frames) { return frames; }
  /// The server was restored, and asks for what it lost.  A device that has nothing of its own to
  /// give waits until the server is whole again.
  virtual events::Result<Frames> begin_repair(const events::protocol::Welcome& welcome);

  /// `before`, and then what may be said of `more`.
  events::Result<Frames> said_after(Frames before, events::Result<Frames> more);
  const Signer& signer() const { return replica_.own().signer(); }
  /// Whether the device's key has to sign before what failed can be done; `owed` is set then.
  static bool waits_for_signature(const events::Error& error, bool& owed);
  /// `frames`, unless the server must hear ANSWER first: then they wait behind it.
  Frames behind_answer(Frames frames);
  /// Adds the PURGED receipt to `frames` when one is due.
  events::Result<Frames> with_receipt(events::Result<Frames> frames);
  events::Error fail(events::ErrorCode code, std::string why, SyncState state = SyncState::failed);

  Replica& replica_;
  SyncState state_ = SyncState::idle;
  std::string reason_;
  bool live_;
  bool by_bundle_ = false;
  std::uint64_t accepted_ = 0;  ///< Own events that the server is known to hold.
  events::Epoch epoch_;
  events::Position log_head_;
  events::Position greeted_head_;  ///< The head that WELCOME named.
  bool caught_up_ = false;
  bool is_repairing_ = false;            ///< The server is, and this device gives blocks back.
  std::vector<events::Position> asked_;  ///< Blocks whose proofs are under way.

 private:
  events::Result<Frames> serve(const events::protocol::Welcome& welcome, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Events& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Mark& mark, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Live& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Proofs& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::PrivateRecords& frame,
                               events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::ScopeGrant& grant, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Goaway& goaway, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Moved& moved, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::ErrorFrame& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::SnapOffer& offer, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Snap& snap, events::Timestamp now);

  /// Says HELLO, and after go_on() or speak_by_bundle() what goes behind it.
  events::Result<Frames> greet(events::Timestamp now);
  /// Checks that `welcome` answers this greeting under the log's key, and notes its challenge.
  events::Result<void> check_proof(const events::protocol::Welcome& welcome);
  /// Whether the log was, or may have been, rewritten since this device last saw it.  Receipts and
  /// blocks that are kept here are then worth nothing.
  bool was_rewritten(const events::protocol::Welcome& welcome) const;
  /// Drops receipts and pulled blocks, because the log is not the one that this device knows and
  /// the server has proved itself.
  events::Error start_again(const events::ReaderScope& scope);
  /// The number of own events whose verdicts HELLO claims to know.
  std::uint64_t verdicts_to_claim() const;
  /// Asks for proofs that were not yet asked for on this connection, when `count` or more lack.
  void ask_for_proofs(std::size_t count, Frames& frames);
  /// The number of unproved blocks at which proofs are asked for: as many as a device may hold
  /// without proof; 1 where the device waits for the proofs.
  std::size_t proofs_worth_asking() const;
  /// Compares a signed head with the heads that the log signed before and with the blocks here.
  /// Errors:  bad_signature; log_alarm.
  events::Result<void> check_head(const events::protocol::SignedHead& head, events::Timestamp now);
  /// Compares the end of the log that WELCOME names with the heads that the log signed before.  A
  /// server that goes on from an older copy of the log is noticed before anything is dropped.
  /// Errors:  log_alarm.
  events::Result<void> check_place(const events::protocol::Welcome& welcome, events::Timestamp now);
  /// Whether `upto` is the place of the newest signed head that is kept, and the device has all of
  /// its scope up to there.
  bool is_at_known_head(const events::protocol::Cursor& upto);
  /// Keeps the alarm and ends the connection.
  events::Error raise_alarm(LogAlarm alarm, std::string why, bool pull_again = false);
  /// Fails because a received block is not what it claims.  Where unproved blocks are kept, one of
  /// them may be the false one.  Then all received blocks are dropped, to be pulled again, unless
  /// `state` is forked.
  events::Error refuse_block(const events::Error& error, SyncState state = SyncState::failed);

  std::optional<ScopeState> scope_state_;  // Set by start().
  FileStore* files_ = nullptr;
  bool has_swept_files_ = false;
  SnapshotReceiver snapshots_;
  bool accepts_snapshots_ = false;
  std::uint32_t features_ = 0;
  ServerProof proof_;
  bool is_proved_before_ = false;  ///< By an earlier WELCOME on this line, or by bundle.
  bool only_listens_ = false;
  std::optional<events::protocol::Hello> unsigned_hello_;
  std::optional<events::protocol::ChannelBinding> binding_;  ///< Of the connection it goes over.
  bool owes_answer_ = false;
  bool owes_receipt_ = false;
  Frames behind_answer_;         ///< What is said after ANSWER.
  bool is_other_scope_ = false;  ///< WELCOME named another scope than the device pulled in.
  std::uint64_t blocks_received_ = 0;
  std::uint64_t events_received_ = 0;
  bool head_confirmed_ = false;
  bool asked_for_head_ = false;
  events::Position proofs_asked_to_;  ///< First position of the last block in a PROVE.
  std::string moved_to_;
  std::uint32_t retry_after_ = 0;
  events::Timestamp server_time_;  ///< The time that WELCOME named.
  std::int64_t clock_difference_ = 0;
  events::RulesVersion server_rules_;
};

}  // namespace clients
