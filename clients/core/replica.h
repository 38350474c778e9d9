#pragma once

#include "clients/core/head_store.h"
#include "clients/core/offline_log.h"
#include "clients/core/overlay.h"
#include "clients/core/receipt_store.h"
#include "clients/core/scope_tally.h"
#include "clients/core/store.h"
#include "events/compression/live_block.h"
#include "projections/snapshot.h"

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

/// What is in a snapshot that came whole.
/// Errors:  malformed, too_large, unsupported: the dictionary.
events::Result<projections::Snapshot> read_snapshot(const SnapshotBase& base);

/// Everything a device holds, loaded from its store: its own chain, what it received of others, and
/// the states folded from both.  Workspace and sync engine work on it; each change is durable in
/// the store before it is visible here.
///
/// Thread: one at a time.
/// Lifetime: the store outlives the replica.
class Replica {
 public:
  /// Errors:  not_enrolled: the store has no chain yet; storage_corrupt, device_storage.
  static events::Result<Replica> load(ClientStore& store);

  const Identity& identity() const { return identity_; }
  const OfflineLog& own() const { return own_; }
  const ReceiptStore& receipt_store() const { return receipt_store_; }
  const HeadStore& head_store() const { return head_store_; }
  const Overlay& overlay() const { return overlay_; }
  const PullState& pull() const { return pull_; }
  ClientStore& store() const { return *store_; }

  // What the workspace does.

  /// Judges on top of `pending` and takes in: to be followed by `keep` or `forget` of all of them.
  projections::Judgement try_next(const events::Event& event, std::uint8_t content,
                                  events::Timestamp now);
  /// Makes the events that were tried durable, together with their private records.
  /// Errors:  device_storage; then they are forgotten.
  /// `branch`: what they bring to an end, if they are those of a chain that was left.
  events::Result<void> keep(std::vector<OwnEntry> entries,
                            std::vector<events::PrivateRecord> privates,
                            std::optional<Branch> branch = {});
  /// Takes back what was tried since the last `keep`.
  void forget();

  // What the sync engine does.  Each is durable on return, or nothing changed.

  events::Result<void> take_cuts(std::span<const std::uint64_t> cuts);
  /// Expects: what OfflineLog::new_receipts() let through.
  events::Result<void> take_receipts(std::span<const events::BlockReceipt> receipts);
  /// Checks a signed receipt and keeps it when it says something new.
  /// Errors:  as ReceiptStore::check; device_storage.
  events::Result<void> take_signed_receipt(const events::protocol::SignedReceipt& receipt);
  /// Whether the block is new.  Errors: malformed, wrong_log, log_diverged, bad_signature,
  /// not_enrolled, gap: it must not be taken.
  events::Result<bool> check_foreign(const events::StoredBlock& block) const;
  /// Stores a checked block and moves the cursor behind it.
  events::Result<void> take_foreign(events::StoredBlock block, events::Bytes encoded,
                                    events::Epoch epoch);
  /// The same of a block whose proof has not come.  Whether it is new; errors as check_foreign().
  events::Result<bool> check_live(const events::LiveBlock& live) const;
  /// Stores a checked live block, moves cursor and frontier behind it and folds.
  events::Result<void> take_live(events::LiveBlock live, events::ByteView packed);
  /// First positions of blocks that no signature of their author covers yet, live ones and open
  /// ones, ascending, at most `count` from `after` on.
  std::vector<events::Position> unproved(events::Position after, std::size_t count) const;
  std::size_t unproved_count() const { return unproved_.size() + open_.size(); }
  /// Those of them that came whole, without the signature of their run: until it has come, nothing
  /// from the first of them on is folded.
  std::size_t open_count() const { return open_.size(); }
  /// Whether a signature of its author does not cover the received block that holds `position`.
  bool is_unproved(events::Position position) const;
  /// Checks proofs against the blocks they are of and keeps these as whole blocks.  Proofs of
  /// others are passed over.
  /// Errors:  log_diverged, fork, bad_signature, not_enrolled: a block is not what its author made;
  ///          nothing was taken.
  events::Result<void> take_proofs(std::span<const events::BlockProof> proofs);
  /// Everything in scope up to `upto` is here: moves cursor and frontier and folds.
  /// `settings`: written with it.
  events::Result<void> take_mark(const events::protocol::Cursor& upto,
                                 std::vector<std::pair<std::string, std::string>> settings = {});
  /// What the device has of its scope up to `upto`, counted as the log counts it.
  /// Expects: a mark up to there was taken, or everything before it was received.
  events::ReaderSum scope_sum(events::Position upto);
  /// Keeps a head that the log signed, for ever.  Errors: storage_failed.
  events::Result<void> take_head(const events::protocol::HeadEvidence& evidence,
                                 const events::protocol::HeadClaim& claim);
  /// Keeps an alarm.  What it casts doubt on comes again from the beginning, at the next greeting.
  events::Result<void> take_alarm(const LogAlarm& alarm, bool pull_again);
  /// What of the log is kept may be a lie: it comes again from the beginning, at the next greeting.
  events::Result<void> doubt();
  /// Whether an alarm or a doubt wants it all to come again.
  events::Result<bool> must_pull_again() const;
  /// Whether the log itself says why it goes on in `epoch`, or began in it.
  bool knows_epoch(events::Epoch epoch) const;
  events::Result<void> take_scope(const events::ReaderScope& scope);
  /// Private records that the next block names; they become durable together with it.
  /// Errors:  too_large: more than a block can name.
  events::Result<void> take_privates(std::span<const events::PrivateRecord> records);
  /// The block they came for is here already, or the connection is over.
  void forget_arriving();
  /// A block came once more: its records are here; those of a later one, which may have overtaken
  /// it, stay.
  void forget_arriving_of(const events::StoredBlock& block);
  /// Forgets what was received of others, and the receipts too when the log was rewritten.
  events::Result<void> restart_pull(const events::ReaderScope& scope, bool drop_receipts);
  /// The pull has caught up: when the log was rewritten, destroys private records that no event
  /// here names any more, because it stands in another commune now.
  events::Result<void> sweep_records();
  /// Goes on from a snapshot, which read_snapshot() has read.  Own events, their receipts and what
  /// was received before stay as they are; the events between are not here.
  /// Errors:  malformed: it is of a position below the cursor.
  events::Result<void> take_base(const SnapshotBase& base);

  /// All received blocks, by first position.
  const std::map<events::Position, events::StoredBlock>& foreign() const { return foreign_; }
  /// Whether a received block is here whole, with what live blocks leave out.
  bool is_proved(events::Position first) const { return !unproved_.contains(first); }
  /// First positions of the received blocks that a reader of `scope` does not get.
  std::vector<events::Position> foreign_outside(const events::ReaderScope& scope) const;

  // What views read.

  /// Up to here the device goes on from a snapshot and may lack events of others; nothing when it
  /// has the log from the beginning.
  std::optional<events::Position> base_position() const { return base_; }

  /// Hides private records from views, while the lease is over; they can still be pushed.
  void hide_privates(bool hidden) { privates_hidden_ = hidden; }
  bool hides_privates() const { return privates_hidden_; }

  using Visit = std::function<void(const events::StoredEvent&, const events::ScopeSet&)>;
  /// All stored events in (after, upto] in order of position, own ones included, as far as they are
  /// here: see base_position().
  /// Expects: both are 0, a frontier or the end of a block.
  events::Result<void> replay(events::Position after, events::Position upto,
                              const Visit& visit) const;
  /// When the server took in what stands there, as far as that block of others is here.
  std::optional<events::Timestamp> received_at(events::Position position) const;
  /// Own events from here on are not confirmed yet.
  std::uint64_t first_pending_seq() const { return first_pending_seq_; }
  /// The private record of an event; nothing when it has none or it is not on this device.
  events::Result<std::optional<events::PrivateRecord>> private_record_of(events::EventId id) const;

 private:
  struct ForeignChain {
    std::uint64_t last_seq = 0;
    events::Digest hash;  ///< Zero behind a live block of unknown beginning.
  };

  explicit Replica(ClientStore& store) : store_(&store) {}
  /// What holds for a block with and without its proof.
  events::Result<bool> check_place(const events::StoredBlock& block) const;
  /// `before`: the chain hash that is known to stand before the block, zero for none.
  events::Result<void> check_authentic(const events::StoredBlock& block,
                                       const events::Digest& before) const;
  /// Zero where it is not known.  Expects: the chain's key is known.
  events::Digest hash_before(const events::StoredBlock& block) const;
  /// The block of the same chain that was received right behind; null when it is not here.
  const events::StoredBlock* successor_of(const events::StoredBlock& block) const;
  /// Whether what follows of the same chain, without a gap, ends in a signature that holds.
  bool is_covered(const events::StoredBlock& block) const;
  /// A signature covers the chain up to and with `block`: open ones before it are proved.
  void settle_before(const events::StoredBlock& block);
  /// Up to where events may count: nothing from the first open block on.
  events::Position fold_limit() const;
  /// Behind a block that was proved another of its chain may wait for its beginning.
  void tell_successor(const events::StoredBlock& block);
  void note_foreign(const events::StoredBlock& block);
  /// Adds the records that came for a block with that scope.
  void keep_arriving(StoreChange& change, const events::ScopeSet& scope);
  events::Result<void> load_foreign();
  events::Result<void> fold();
  /// Forgets what was folded: the next fold() begins with the snapshot, or with the first event.
  events::Result<void> begin_overlay();
  events::Result<void> load_base();

  ClientStore* store_;
  Identity identity_;
  OfflineLog own_;
  ReceiptStore receipt_store_;
  HeadStore head_store_;
  std::optional<ScopeTally> tally_;  // Nothing: to be counted anew.
  Overlay overlay_;
  PullState pull_;
  std::optional<events::Position> base_;
  std::vector<events::ScopeSum> base_sums_;  // Of the snapshot.
  std::uint64_t first_pending_seq_ = 1;
  bool privates_hidden_ = false;
  std::vector<events::PrivateRecord> arriving_;              // Before their block.
  std::map<events::Position, events::StoredBlock> foreign_;  // All received, by first position.
  std::map<events::Position, std::uint64_t> unproved_;       // Live ones: their fingerprints.
  std::set<events::Position> open_;  // Whole ones whose author's signature has not come.
  std::map<events::ChainNumber, ForeignChain> foreign_chains_;   // As far as they are known.
  std::map<events::ChainNumber, events::PublicKey> chain_keys_;  // From DeviceEnrolled.
};

}  // namespace clients
