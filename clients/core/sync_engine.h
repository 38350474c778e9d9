#pragma once

#include "clients/core/giving_back.h"
#include "clients/core/replica.h"
#include "clients/core/scope_keeper.h"
#include "clients/core/server_proof.h"
#include "clients/core/snapshot_taker.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/messages.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace clients {

/// Where a synchronisation stands.
enum class SyncState : std::uint8_t {
  idle = 0,
  greeting = 1,  ///< HELLO is under way, and nothing else: the server has not proved itself.
  running = 2,
  reconnect = 3,  ///< Start again at once: the log or the scope changed.
  stopped = 4,    ///< The server ended it for now, or takes no more today; try later.
  forked = 5,     ///< Another device wrote on this chain, or this one was restored from a backup.
  revoked = 6,    ///< The device was revoked.
  moved = 8,      ///< The log lives at another address, see moved_to().
  failed = 7,     ///< A frame or the store was wrong; what the device holds stays good.
  healing = 9,  ///< The server was restored and got back what this device has; others are missing.
};

/// Numbers for a progress bar and an honest last line.
struct SyncProgress {
  std::uint64_t own_events = 0;      ///< Head of the own chain.
  std::uint64_t accepted = 0;        ///< Own events the server holds.
  std::uint64_t verdicts_known = 0;  ///< Own events whose verdicts are here.
  events::Position received_to;      ///< Cursor.
  events::Position log_head;         ///< As the server said at the greeting, or later.
  std::uint64_t blocks_received = 0;
  std::uint64_t events_received = 0;
  bool caught_up = false;
  bool live = false;         ///< The connection stays: proofs of what comes live may follow.
  std::size_t unproved = 0;  ///< Blocks that are here on the server's word so far.
  std::size_t open = 0;      ///< Those of them that do not count before their signature has come.
  bool asked_for_proofs = false;
  bool head_confirmed = false;  ///< The log has signed what the device must have, and it has that.
  SnapshotProgress snapshot;
  bool healing = false;          ///< The server was restored and takes nothing new yet.
  std::uint64_t given_back = 0;  ///< Blocks that it was given back on this connection.

  /// Never true before every own event has its verdict, nothing is missing, and nothing that
  /// counts rests on the server's word alone.
  bool synced() const {
    return !healing && caught_up && head_confirmed && open == 0 && (live || unproved == 0) &&
           accepted == own_events && verdicts_known == own_events;
  }
  /// Synced, and no answer is under way: a connection that is not to stay may end.
  bool finished() const { return synced() && !asked_for_proofs; }
};

/// The device's half of the protocol, without any I/O: frames in, frames out.  A wrong frame is an
/// Error and the end of the connection; cut, repeated or late frames change nothing.
///
/// Nothing but the greeting leaves before the server has proved with WELCOME that it holds the
/// log's key, and what it says before changes nothing here
/// (docs/decisions/0027-proved-greetings.md).
///
/// State: see SyncState; one engine for one connection.
/// Thread: one at a time.
class SyncEngine {
 public:
  using Frames = std::vector<events::protocol::Message>;

  /// Own blocks under way without an acknowledgement.
  static constexpr std::size_t default_window = 8;

  /// Lifetime: `replica` outlives the engine.
  SyncEngine(Replica& replica, bool live, std::size_t window = default_window)
      : replica_(replica), snapshots_(replica), live_(live), window_(window) {}

  /// The device also sends and takes files, and returns credit: see FileSync.  Before `start`.
  void speak_of_files() { features_ |= events::protocol::feature_files; }
  /// Those in `files` are destroyed when the device may not hold them any more.  Before `start`.
  /// Lifetime: `files` outlives the engine.
  void keep_files(FileStore& files) { files_ = &files; }
  /// A snapshot may come in place of a long stretch of the log.  Before `start`.
  void accept_snapshots() { accepts_snapshots_ = true; }
  /// The server has proved itself on this line with the WELCOME before, as over HTTP, where each
  /// request greets: what is to be sent goes right behind the greeting, and first the answer to
  /// `challenge`, the one in that WELCOME.  Before `start`.
  void go_on(const std::optional<events::protocol::Challenge>& challenge) {
    is_proved_before_ = true;
    proof_.expect(challenge);
  }
  /// The frames travel in bundles, which are sealed to the server and signed by it as a whole; an
  /// answer was written days ago, and says the time of then.  Before `start`.
  void speak_by_courier() { is_proved_before_ = by_courier_ = true; }
  /// HELLO; what the server seems to lack follows when WELCOME has come, or right behind it as said
  /// above: none of the own events before `push_from`, which are on their way by other means.
  /// Errors:  storage_failed.
  /// `binding`: of the TLS connection it goes over, see channel_binding.h.
  events::Result<Frames> start(
      events::Timestamp now, const std::array<std::uint8_t, 16>& nonce, std::uint64_t push_from = 0,
      const std::optional<events::protocol::ChannelBinding>& binding = std::nullopt);
  /// Takes a frame in and says what to send.
  /// Errors:  the connection is to be closed; state() says what to do next.
  events::Result<Frames> on_message(const events::protocol::Message& message,
                                    events::Timestamp now);
  /// A further WELCOME to the same greeting, as over HTTP while the server heals: its challenge is
  /// the next one to answer.
  /// Errors:  unproved_server, wrong_log.
  events::Result<void> renew(const events::protocol::Welcome& welcome) {
    return check_proof(welcome);
  }
  /// The challenge of the last WELCOME; nothing where the greeting needs no answer.
  /// The own event at which pushing ended, its private record being damaged; 0: none.
  std::uint64_t unreadable() const { return unreadable_; }
  /// Own events behind this one are not pushed on this connection.
  std::uint64_t push_upto() const { return push_upto_; }
  const std::optional<events::protocol::Challenge>& challenge() const { return proof_.challenge(); }
  /// Appends ANSWER to that challenge, if there is one.
  void append_answer(Frames& frames) const;
  /// Pushes what was recorded since, on a live connection.
  events::Result<Frames> push_new(events::Timestamp now);

  SyncState state() const { return state_; }
  SyncProgress progress() const;
  /// Why it stopped or was refused; English, for operators.
  const std::string& reason() const { return reason_; }
  /// Where the log lives now; the server's key signed it.
  const std::string& moved_to() const { return moved_to_; }
  /// The server asked to wait so long before the next try.
  std::uint32_t retry_after_milliseconds() const { return retry_after_; }
  /// Own runs that came to the server by courier before those they follow, and wait there.
  const std::vector<events::protocol::Parked>& parked() const { return parked_; }
  /// Server clock minus device clock at the greeting.
  std::int64_t clock_difference_milliseconds() const { return clock_difference_; }

 private:
  events::Result<Frames> serve(const events::protocol::Welcome& welcome, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::PushAck& ack, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::PushNak& nak, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Events& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Mark& mark, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Live& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Proofs& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::PrivateRecords& frame,
                               events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::SignedReceipt& receipt,
                               events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::ScopeGrant& grant, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Reconcile& answer, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Goaway& goaway, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Moved& moved, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::ErrorFrame& frame, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Parked& parked, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::SnapOffer& offer, events::Timestamp now);
  events::Result<Frames> serve(const events::protocol::Snap& snap, events::Timestamp now);

  /// Whether `welcome` answers this engine's greeting with the log's key; notes its challenge.
  events::Result<void> check_proof(const events::protocol::Welcome& welcome);
  /// The server was restored: asks where to begin giving back.
  events::Result<Frames> begin_giving_back(const events::protocol::Welcome& welcome);
  /// Whether the log is not the one that this device knows any more.
  bool was_rewritten(const events::protocol::Welcome& welcome) const;
  /// The log is another than this device knows, and the server has proved it: drops receipts and
  /// pulled blocks.
  events::Error start_again(const events::ReaderScope& scope);
  /// What HELLO says about verdicts.
  std::uint64_t verdicts_to_claim() const;
  /// Adds the receipt of a purge to `frames`, when there is one to send.
  events::Result<Frames> with_receipt(events::Result<Frames> frames);
  events::Result<Frames> push_window(events::Timestamp now);
  /// A device that pushes nothing more, being over its quota or unable to read a private record of
  /// its own, waits for what is under way and pulls what there is; then it stops, unless it stays.
  events::Result<Frames> stop_pushing(events::Result<Frames> frames);
  /// Asks for proofs that were not asked for on this connection, when there are `count` or more.
  void ask_for_proofs(std::size_t count, Frames& frames);
  /// As many as a device may hold without proof; one where it waits for them.
  std::size_t proofs_worth_asking() const;
  /// Compares what the log says under its signature with what it said before and with what is here.
  /// Errors:  bad_signature; log_alarm.
  events::Result<void> check_head(const events::protocol::SignedHead& head, events::Timestamp now);
  /// Compares where the log says in WELCOME that it is with what it had signed before: whoever goes
  /// on from an older copy is found out before anything is dropped.
  /// Errors:  log_alarm.
  events::Result<void> check_place(const events::protocol::Welcome& welcome, events::Timestamp now);
  /// Whether the log says that it is where it was when it signed the newest head that is kept, and
  /// the device has all of that.
  bool is_at_known_head(const events::protocol::Cursor& upto);
  /// Keeps the alarm and ends the connection.
  events::Error raise_alarm(LogAlarm alarm, std::string why, bool pull_again = false);
  /// A block cannot be what it claims.  When it contradicts what nobody has proved, that is not
  /// kept.
  events::Error refuse_block(const events::Error& error, SyncState state = SyncState::failed);
  /// An own event whose private record cannot be read.
  struct Unreadable {
    std::uint64_t seq{};
    events::Error error;
  };
  /// Nothing from own event `seq` on is pushed on this connection.
  void set_push_aside(std::uint64_t seq, const events::Error& why);
  /// A receipt cannot be what it claims, or contradicts another.  When nobody has signed what is
  /// kept, an honest server gives all of it once more.
  events::Error refuse_receipt(const events::Error& error);
  /// Appends each run behind its private records.
  std::optional<Unreadable> append_runs(const std::vector<events::DeviceBlock>& blocks,
                                        events::Timestamp now, Frames& frames);
  /// Appends the private records that the block names and the device still has, and their digests
  /// to `added`.
  std::optional<Unreadable> append_privates(const events::DeviceBlock& block,
                                            std::vector<events::Digest>& added, Frames& frames);
  /// The private record of own event `seq` is gone.  A receipt that covers it proves that the
  /// server had it before it was restored, and lets the event pass without.
  void append_proof_of_erasure(std::uint64_t seq, Frames& frames);
  bool is_over_quota() const;
  events::Error fail(events::ErrorCode code, std::string why, SyncState state = SyncState::failed);

  Replica& replica_;
  std::optional<ScopeKeeper> keeper_;  // From start on.
  FileStore* files_ = nullptr;
  bool has_swept_files_ = false;
  SnapshotTaker snapshots_;
  bool accepts_snapshots_ = false;
  bool live_;
  std::size_t window_;
  std::uint32_t features_ = 0;
  SyncState state_ = SyncState::idle;
  ServerProof proof_;
  bool is_proved_before_ = false;  ///< On this line, by an earlier WELCOME, or by courier.
  bool by_courier_ = false;
  std::uint64_t accepted_ = 0;            ///< Own events the server is known to hold.
  std::uint64_t next_push_ = 1;           ///< First own event that is not under way.
  std::vector<std::uint64_t> under_way_;  ///< Last seqs of blocks without acknowledgement.
  std::uint64_t receipt_shown_upto_ = 0;  ///< Own events whose erasure is proved by now.
  std::uint64_t resent_from_ = 0;         ///< A NAK made us push again from here; 0: none open.
  int resends_ = 0;                       ///< Without progress since.
  std::uint64_t push_upto_ = ~std::uint64_t{0};  ///< Own events behind it are not pushed.
  std::optional<events::Error> push_stop_;       ///< Why not.
  std::uint64_t unreadable_ = 0;  ///< The own event whose record cannot be read; 0: none.
  events::Epoch epoch_;
  events::Position log_head_;
  events::Position greeted_head_;  ///< As WELCOME said.
  std::uint64_t blocks_received_ = 0;
  std::uint64_t events_received_ = 0;
  bool caught_up_ = false;
  std::vector<events::Position> asked_;  ///< Blocks whose proofs are under way.
  bool head_confirmed_ = false;
  bool asked_for_head_ = false;
  std::optional<GivingBack> giving_back_;  ///< While the server heals.
  std::uint64_t given_back_ = 0;
  events::Position proofs_asked_to_;  ///< First position of the last block asked for.
  std::string reason_;
  std::string moved_to_;
  std::uint32_t retry_after_ = 0;
  events::Timestamp server_time_;  ///< As the greeting said.
  std::int64_t clock_difference_ = 0;
  std::vector<events::protocol::Parked> parked_;
};

}  // namespace clients
