#pragma once

#include "clients/core/log/signer.h"
#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/text_limits.h"
#include "events/crypto/serialize.h"
#include "events/log/block.h"
#include "events/log/event.h"
#include "events/log/event_log.h"
#include "events/log/private_record.h"
#include "events/protocol/messages.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace clients {

/// Who this device is.  The key exists before enrolment, so that an answer that got lost can be
/// asked for again with the same key.
struct Identity {
  /// All 0 while the device is locked, and where a browser holds the key.
  events::SecretSeed seed;
  /// Where a browser holds the key and the device is not locked; otherwise all 0.
  events::PublicKey browser_key;
  events::PublicKey locked_key;  ///< The public key, while the device is locked; otherwise all 0.
  events::LogId log;             ///< 0 until enrolled.
  events::ChainNumber chain;     ///< 0 until enrolled.
  events::DeviceId device;
  events::PublicKey server_key;
  std::vector<events::PersonId> persons;  ///< Who may be unlocked on it.
  std::string label;

  bool is_enrolled() const { return chain.value != 0; }
  /// None while the device is locked.
  DeviceKey key() const;
  void set_key(const DeviceKey& key);
  bool is_locked() const { return key().is_none(); }
  bool operator==(const Identity&) const = default;

  /// Without the key, which stores keep apart.
  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, chain, device, server_key, events::bounded<16>(persons),
            events::bounded<events::text_limits::device_label>(label));
  }
};

inline DeviceKey Identity::key() const {
  DeviceKey key(seed);
  key.browser_key = browser_key;
  return key;
}

inline void Identity::set_key(const DeviceKey& key) {
  seed = key.seed;
  browser_key = key.browser_key;
}

/// An event of the device's own chain, with what is needed to cut blocks and to judge it again.
struct OwnEvent {
  events::Bytes canonical;
  events::ScopeSet scope;  ///< From the judgement when it was recorded.
  std::uint8_t content{};  ///< Content bits of its intake, see check_private_content().

  bool operator==(const OwnEvent&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(events::bounded<events::event_bytes_max>(canonical), scope, content);
  }
};

/// The signature under which own events were first sent.  Kept where a second signature of the same
/// events would be another one, see Signer::is_repeatable().
struct BlockSignature {
  std::uint64_t first_seq{};
  std::uint64_t last_seq{};
  events::Signature signature;

  bool operator==(const BlockSignature&) const = default;
};

/// How far the device has received the log.
struct PullState {
  /// From where the server goes on: the end of the last block received, or the last MARK.
  events::protocol::Cursor cursor;
  /// Everything in the reader's scope up to here is known, own receipts included.  Never beyond
  /// what MARK said; the confirmed state ends here.
  events::Position synced_upto;
  events::ReaderScope scope;

  bool operator==(const PullState&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cursor, synced_upto, scope);
  }
};

/// A received block under its key.
struct ForeignBlock {
  events::Position first;
  events::Bytes encoded;
};

/// What the device goes on from instead of the events before: a snapshot that came whole.
struct SnapshotBase {
  events::protocol::SnapshotManifest manifest;
  events::Bytes content;  ///< Of all chunks; compressed as they are.

  bool operator==(const SnapshotBase&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(manifest, events::bounded<events::protocol::snapshot_size_max>(content));
  }
};

/// A snapshot that has come in part.
struct SnapshotPart {
  events::protocol::SnapshotManifest manifest;
  std::map<std::uint32_t, events::Bytes> chunks;  ///< Those that are here, by index.
  std::uint64_t records = 0;  ///< Private records before this one are here, or were erased.
};

/// Which private record an event named, of an event that is not here itself.
struct RecordName {
  events::EventId event;
  events::Digest digest;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(event, digest);
  }
};

/// What became of a chain that the device no longer goes on with, because a copy of it did.
struct Branch {
  events::ChainNumber chain;
  /// First event that only this device has; 0 while that is not known: its old chain has not come
  /// back from the log yet.
  std::uint64_t first_seq{};
  std::uint64_t last_seq{};  ///< Head of the chain when it was left.
  bool continued = false;    ///< What only this device had was recorded again on the new chain.

  bool operator==(const Branch&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(chain, first_seq, last_seq, continued);
  }
};

/// A private record and the commune it belongs to, whose key seals it on the device.
struct HomedRecord {
  events::UnitId home;
  events::PrivateRecord record;
};

/// What is written together: all of it or none.
struct StoreChange {
  std::optional<Identity> identity;
  /// Own events behind this one are forgotten, before `own` is written; none of them has a receipt
  /// or lies in a block that was cut.
  std::optional<std::uint64_t> own_upto;
  /// Own events to append; the first of them is number `own_first_seq` of the chain.
  std::uint64_t own_first_seq{};
  std::vector<OwnEvent> own;
  std::vector<HomedRecord> privates;
  /// Last seqs of blocks that were cut for sending.
  std::vector<std::uint64_t> cuts;
  std::vector<BlockSignature> signatures;
  std::vector<events::BlockReceipt> receipts;
  std::vector<ForeignBlock> foreign;
  std::optional<PullState> pull;
  bool drop_foreign = false;   ///< Before `foreign` is written; what is kept of snapshots, too.
  bool drop_receipts = false;  ///< Before `receipts` are written.
  /// Private records of these communes are destroyed, beyond reach of whoever reads the disk.
  std::vector<events::UnitId> purged_homes;
  /// Private records that are destroyed, one by one.
  std::vector<events::Digest> erased;
  std::vector<std::pair<std::string, std::string>> settings;
  std::vector<events::protocol::SignedReceipt> signed_receipts;
  /// A chain that was left, or news about it.
  std::optional<Branch> branch;
  /// The own events become those of `branch`, and the own chain is empty; before `own` is written.
  bool leave_chain = false;
  /// A snapshot that begins to come, in place of the one that came in part.
  std::optional<events::protocol::SnapshotManifest> begun_snapshot;
  std::optional<events::protocol::Snap> snapshot_chunk;
  std::optional<std::uint64_t> snapshot_records;  ///< See SnapshotPart::records.
  std::vector<RecordName> record_names;
  bool drop_snapshot_part = false;
  std::optional<SnapshotBase> base;
  /// The key with which a new chain is asked for; none: that is over.
  std::optional<DeviceKey> next_key;
};

/// Where a device keeps what it must not lose.
///
/// Thread: one at a time.
class ClientStore {
 public:
  virtual ~ClientStore() = default;

  /// Writes all of `change` or nothing.  On return it survives a power cut.
  /// Expects: own events continue the stored ones without a gap.
  /// Errors:  device_storage: nobody knows whether it is on disk; open the store again.
  [[nodiscard]] virtual events::Result<void> commit(const StoreChange& change) = 0;

  /// Nothing before the first one was written.
  virtual events::Result<std::optional<Identity>> identity() const = 0;
  /// All own events, from seq 1 on.
  virtual events::Result<std::vector<OwnEvent>> own_events() const = 0;
  /// Last seqs of the blocks cut for sending, ascending.
  virtual events::Result<std::vector<std::uint64_t>> cuts() const = 0;
  /// The signature of the own events from one seq to another; nothing when none is kept.
  virtual events::Result<std::optional<events::Signature>> block_signature(
      std::uint64_t first_seq, std::uint64_t last_seq) const = 0;
  /// Receipts of own blocks, ascending by first seq.
  virtual events::Result<std::vector<events::BlockReceipt>> receipts() const = 0;
  /// Received blocks, ascending by first position.
  virtual events::Result<std::vector<ForeignBlock>> foreign_blocks() const = 0;
  virtual events::Result<PullState> pull_state() const = 0;
  /// Nothing when the device has the log from the beginning.
  virtual events::Result<std::optional<SnapshotBase>> base() const = 0;
  virtual events::Result<std::optional<SnapshotPart>> snapshot_part() const = 0;
  virtual events::Result<std::vector<RecordName>> record_names() const = 0;
  /// Nothing when it was never stored or was erased.
  /// Errors:  locked.
  virtual events::Result<std::optional<events::PrivateRecord>> private_record(
      const events::Digest& digest) const = 0;
  /// The newest of each epoch and chain.
  virtual events::Result<std::vector<events::protocol::SignedReceipt>> signed_receipts() const = 0;
  /// Chains that were left, in order of their numbers.
  virtual events::Result<std::vector<Branch>> branches() const = 0;
  /// All own events of a chain that was left, from seq 1 on.
  virtual events::Result<std::vector<OwnEvent>> branch_events(events::ChainNumber chain) const = 0;
  /// Nothing when no new chain is being asked for.
  virtual events::Result<std::optional<DeviceKey>> next_key() const = 0;
  /// The communes whose private records are here; there may be some whose last record was erased.
  virtual events::Result<std::vector<events::UnitId>> private_homes() const = 0;
  /// The private records that are here, locked ones too.
  virtual events::Result<std::vector<events::Digest>> private_digests() const = 0;
  virtual events::Result<std::optional<std::string>> setting(const std::string& name) const = 0;

  /// What signs with that key; null for none.
  /// Lifetime: the store outlives it.
  virtual std::unique_ptr<const Signer> signer_of(const DeviceKey& key) const {
    if (key.seed == events::SecretSeed{}) return nullptr;
    return std::make_unique<SeedSigner>(key.seed);
  }
};

}  // namespace clients
