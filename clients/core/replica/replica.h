#pragma once

#include "clients/core/log/head_store.h"
#include "clients/core/log/offline_log.h"
#include "clients/core/log/receipt_store.h"
#include "clients/core/log/store.h"
#include "clients/core/replica/overlay.h"
#include "clients/core/replica/scope_tally.h"
#include "events/packing/live_block.h"
#include "projections/state/snapshot.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace clients {

/// Reads the content of a snapshot that was received completely.
/// Errors:  malformed, too_large; unsupported: the compression dictionary is unknown.
events::Result<projections::Snapshot> read_snapshot(const SnapshotBase& base);

/// Everything that a device holds, loaded from its store: its own chain, the blocks of other chains
/// that it received, and the states folded from both.  The workspace and the sync engine work on
/// one replica.  Each change is durable in the store before it is visible here.
///
/// Thread: one at a time.
/// Lifetime: the store outlives the replica.
class Replica {
 public:
  /// `own_events`: null where nothing is recorded.  Own events that the store holds all the same
  /// are then shown once they are confirmed.
  /// Errors:  not_enrolled: the store has no chain yet; storage_corrupt, device_storage.
  /// `newest`: the newest rules that the device can judge and fold by.
  static events::Result<Replica> load(ClientStore& store,
                                      Overlay::OwnEvents own_events = Overlay::judge_own,
                                      events::RulesVersion newest = projections::newest_rules());

  const Identity& identity() const { return identity_; }
  const OfflineLog& own() const { return own_; }
  const ReceiptStore& receipt_store() const { return receipt_store_; }
  const HeadStore& head_store() const { return head_store_; }
  const Overlay& overlay() const { return overlay_; }
  /// The newest rules that this device can judge and fold by; HELLO says them.
  events::RulesVersion newest_rules() const { return overlay_.newest_rules(); }
  /// Whether the log is judged by newer rules than this device has: what it says of verdicts is
  /// provisional, and it leaves out of its fold what it cannot read (State::left_out()).
  bool needs_newer_build() const;
  const PullState& pull() const { return pull_; }
  ClientStore& store() const { return *store_; }

  // What the workspace does.

  /// Judges an event on top of the pending state and adds it there.  The caller tries all events
  /// that belong together and then calls `keep` or `forget` for all of them.
  projections::Judgement try_next(const events::Event& event, std::uint8_t content,
                                  events::Timestamp now);
  /// Makes the events that were tried durable, together with their private records.  `branch`: the
  /// left chain whose events they record again, if any; it is written with them.
  /// Errors:  device_storage; then the events are forgotten.
  events::Result<void> keep(std::vector<OwnEntry> entries,
                            std::vector<events::PrivateRecord> privates,
                            std::optional<Branch> branch = {});
  /// Takes all events that were tried since the last `keep` out of the pending state.
  void forget();

  // What the sync engine does.  On return each change is durable, or nothing has changed.

  /// `blocks`: those that OfflineLog::cut() made, which are sent from now on.
  events::Result<void> take_cuts(std::span<const std::uint64_t> cuts,
                                 std::span<const events::DeviceBlock> blocks);
  /// Stores receipts of own blocks.
  /// Expects: `receipts` are those that OfflineLog::new_receipts() returned.
  events::Result<void> take_receipts(std::span<const events::BlockReceipt> receipts);
  /// Checks a signed receipt and keeps it when it proves more than the kept ones.
  /// Errors:  as ReceiptStore::check; device_storage.
  events::Result<void> take_signed_receipt(const events::protocol::SignedReceipt& receipt);
  /// Whether the block is new.
  /// Errors:  malformed, wrong_log, log_diverged, fork, bad_signature, not_enrolled: the block must
  ///          not be taken.
  events::Result<bool> check_foreign(const events::StoredBlock& block) const;
  /// Stores a block that was checked and moves the cursor behind it.
  events::Result<void> take_foreign(events::StoredBlock block, events::Bytes encoded,
                                    events::Epoch epoch);
  /// Whether a live block is new.  A live block comes without its proof.
  /// Errors:  as check_foreign().
  events::Result<bool> check_live(const events::LiveBlock& live) const;
  /// Stores a live block that was checked, moves the cursor and `synced_upto` behind it and folds.
  events::Result<void> take_live(events::LiveBlock live, events::ByteView packed);
  /// The first positions of received blocks that no signature of their author covers yet: live
  /// blocks and open blocks.  Ascending, at most `count`, each greater than `after`.
  std::vector<events::Position> unproved(events::Position after, std::size_t count) const;
  std::size_t unproved_count() const { return unproved_.size() + open_.size(); }
  /// The number of open blocks: blocks that came whole, but without the signature of their run.
  /// Nothing from the first open block on is folded until that signature has come.
  std::size_t open_count() const { return open_.size(); }
  /// Whether no signature of its author covers the received block that holds `position`.
  bool is_unproved(events::Position position) const;
  /// Checks proofs against the received blocks that they prove, and keeps these as whole blocks.  A
  /// proof of a block that is not unproved here is skipped.
  /// Errors:  malformed, log_diverged, fork, bad_signature: a block is not what its author made;
  ///          device_storage.  Nothing was taken.
  events::Result<void> take_proofs(std::span<const events::BlockProof> proofs);
  /// The server said that everything in scope up to `upto` was sent: moves the cursor and
  /// `synced_upto` there and folds.  `settings` are written in the same change.
  events::Result<void> take_mark(const events::protocol::Cursor& upto,
                                 std::vector<std::pair<std::string, std::string>> settings = {});
  /// The sum over what the device has of its scope up to `upto`, counted as the log counts it.
  /// Expects: a mark for `upto` was taken, or everything before `upto` was received.
  events::ReaderSum scope_sum(events::Position upto);
  /// Keeps a head that the log signed, for ever.
  /// Errors:  device_storage.
  events::Result<void> take_head(const events::protocol::HeadEvidence& evidence,
                                 const events::protocol::HeadClaim& claim);
  /// Keeps an alarm.  `pull_again`: what was received is in doubt, and the pull starts from the
  /// beginning at the next greeting.
  events::Result<void> take_alarm(const LogAlarm& alarm, bool pull_again);
  /// Notes that the blocks and receipts kept here may be false.  At the next greeting they are
  /// dropped, and the pull starts from the beginning.
  events::Result<void> doubt();
  /// Whether an alarm or doubt() asked for the pull to start from the beginning.
  events::Result<bool> must_pull_again() const;
  /// Whether the device needs no explanation for `epoch`, or has one.  It needs none when it keeps
  /// no signed head, or one of this or a later epoch.  An explanation is a snapshot of the epoch,
  /// or the LogRestored event that began it.
  bool knows_epoch(events::Epoch epoch) const;
  events::Result<void> take_scope(const events::ReaderScope& scope);
  /// Takes private records that the next block names.  They become durable together with it.
  /// Errors:  too_large: more records than a block can name.
  events::Result<void> take_privates(std::span<const events::PrivateRecord> records);
  /// Forgets the records of take_privates(): a new connection begins.
  void forget_arriving();
  /// Forgets the records of take_privates() that `block` names, because the block is here already.
  /// Records of a later block, which may have overtaken this one, stay.
  void forget_arriving_of(const events::StoredBlock& block);
  /// Forgets every received block and the snapshot, and starts the pull again for `scope`.
  /// `drop_receipts`: the log was rewritten, and the receipts of own blocks are forgotten, too.
  events::Result<void> restart_pull(const events::ReaderScope& scope, bool drop_receipts);
  /// Called when the pull has caught up.  After the log was rewritten it destroys the private
  /// records that no event here still names, because their events stand in another commune now.
  events::Result<void> sweep_records();
  /// Goes on from a snapshot that read_snapshot() could read.  Own events, their receipts and
  /// blocks received before stay as they are.  Events between these and the snapshot are missing.
  /// Errors:  malformed: the snapshot is of a position below the cursor.
  events::Result<void> take_base(const SnapshotBase& base);

  /// All received blocks, by first position.
  const std::map<events::Position, events::StoredBlock>& foreign() const { return foreign_; }
  /// Whether a received block is here whole.  A live block is not, until its proof has come.
  bool is_proved(events::Position first) const { return !unproved_.contains(first); }
  /// The first positions of the received blocks that a reader of `scope` does not get.
  std::vector<events::Position> foreign_outside(const events::ReaderScope& scope) const;

  // What views read.

  /// The position of the snapshot from which the device goes on.  Events of others up to there may
  /// be missing here.  Nothing when the device has the log from the beginning.
  std::optional<events::Position> base_position() const { return base_; }

  /// Hides private records from views while the lease is over.  They can still be pushed.
  void hide_privates(bool hidden) { privates_hidden_ = hidden; }
  bool hides_privates() const { return privates_hidden_; }

  using Visit = std::function<void(const events::StoredEvent&, const events::ScopeSet&)>;
  /// Visits all stored events in (after, upto] in order of position, own events included, as far as
  /// they are here: see base_position().
  /// Expects: neither position lies inside a block.
  events::Result<void> replay(events::Position after, events::Position upto,
                              const Visit& visit) const;
  /// The confirmed state as it was at `position` of the log: what this reader had folded up to
  /// there.  It begins with the snapshot from which the device goes on, or with the first event.
  /// Errors:  not_found: the device has not folded the log up to there yet, or goes on from a
  ///          snapshot behind it; storage_corrupt, device_storage.
  /// Cost:    no checkpoint is kept on a device: reads and folds every event between its snapshot,
  ///          or the first event, and `position`.  At the position of confirmed() it is a copy.
  events::Result<projections::State> state_at(events::Position position) const;
  /// When the server received the block of another chain that holds `position`; nothing when that
  /// block is not here.
  std::optional<events::Timestamp> received_at(events::Position position) const;
  /// Own events from this one on are not confirmed yet.
  std::uint64_t first_pending_seq() const { return first_pending_seq_; }
  /// The private record of an event; nothing when the event has none, when it is not on this device
  /// and while private records are hidden.
  events::Result<std::optional<events::PrivateRecord>> private_record_of(events::EventId id) const;

 private:
  struct ForeignChain {
    std::uint64_t last_seq = 0;
    events::Digest hash;  ///< Zero behind a live block whose previous hash is unknown.
  };

  Replica(ClientStore& store, Overlay::OwnEvents own_events, events::RulesVersion newest)
      : store_(&store), overlay_(own_events, newest) {}
  /// The checks that apply to a block with or without its proof.
  events::Result<bool> check_place(const events::StoredBlock& block) const;
  /// `before`: the chain hash that is known to stand before the block; zero when it is unknown.
  events::Result<void> check_authentic(const events::StoredBlock& block,
                                       const events::Digest& before) const;
  /// The chain hash before the block; zero where it is not known.
  /// Expects: the key of the chain is known.
  events::Digest hash_before(const events::StoredBlock& block) const;
  /// The next block of the same chain; null when it is not here.
  const events::StoredBlock* successor_of(const events::StoredBlock& block) const;
  /// Whether the blocks of the same chain that follow without a gap lead to a proved signature.
  bool is_covered(const events::StoredBlock& block) const;
  /// A signature covers the chain up to the end of `block`: open blocks before it become proved.
  void settle_before(const events::StoredBlock& block);
  /// The position up to which events may be folded: before the first open block.
  events::Position fold_limit() const;
  /// Gives the hash behind `block` to the next block of the chain, which may not know it yet.
  void tell_successor(const events::StoredBlock& block);
  void note_foreign(const events::StoredBlock& block);
  /// Adds the records of take_privates() to `change`, for a block with that scope.
  void keep_arriving(StoreChange& change, const events::ScopeSet& scope);
  events::Result<void> load_foreign();
  events::Result<void> fold();
  /// Forgets the folded states: the next fold() begins with the snapshot or with the first event.
  events::Result<void> begin_overlay();
  events::Result<void> load_base();

  ClientStore* store_;
  Identity identity_;
  OfflineLog own_;
  ReceiptStore receipt_store_;
  HeadStore head_store_;
  std::optional<ScopeTally> tally_;  // Nothing: it has to be counted again.
  Overlay overlay_;
  PullState pull_;
  std::optional<events::Position> base_;
  std::vector<events::ScopeSum> base_sums_;  // Of the snapshot.
  std::uint64_t first_pending_seq_ = 1;
  bool privates_hidden_ = false;
  std::vector<events::PrivateRecord> arriving_;              // Came before their block.
  std::map<events::Position, events::StoredBlock> foreign_;  // All received, by first position.
  std::map<events::Position, std::uint64_t> unproved_;       // Live blocks: fingerprints.
  std::set<events::Position> open_;  // Whole blocks whose author's signature has not come.
  std::map<events::ChainNumber, ForeignChain> foreign_chains_;   // As far as they are known.
  std::map<events::ChainNumber, events::PublicKey> chain_keys_;  // From DeviceEnrolled.
};

}  // namespace clients
