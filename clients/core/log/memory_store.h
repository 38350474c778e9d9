#pragma once

#include "clients/core/log/store.h"

#include <map>
#include <set>

namespace clients {

/// A store in memory, for the simulator, the browser and tests.  It can play a disk that forgets:
/// while it is not durable, commits are lost by `lose_unsynced` unless `sync` came first.  It is
/// durable when constructed.
///
/// Thread: one at a time.
class MemoryStore final : public ClientStore {
 public:
  events::Result<void> commit(const StoreChange& change) override;

  events::Result<std::optional<Identity>> identity() const override;
  events::Result<std::vector<OwnEvent>> own_events() const override;
  events::Result<std::vector<std::uint64_t>> cuts() const override;
  events::Result<std::optional<events::Signature>> block_signature(
      std::uint64_t first_seq, std::uint64_t last_seq) const override;
  events::Result<std::vector<events::BlockReceipt>> receipts() const override;
  events::Result<std::vector<ForeignBlock>> foreign_blocks() const override;
  events::Result<PullState> pull_state() const override;
  events::Result<std::optional<SnapshotBase>> base() const override;
  events::Result<std::optional<SnapshotPart>> snapshot_part() const override;
  events::Result<std::vector<RecordName>> record_names() const override;
  events::Result<std::optional<events::PrivateRecord>> private_record(
      const events::Digest& digest) const override;
  events::Result<std::vector<events::protocol::SignedReceipt>> signed_receipts() const override;
  events::Result<std::vector<Branch>> branches() const override;
  events::Result<std::vector<OwnEvent>> branch_events(events::ChainNumber chain) const override;
  events::Result<std::optional<DeviceKey>> next_key() const override;
  events::Result<std::vector<events::UnitId>> private_homes() const override;
  events::Result<std::vector<events::Digest>> private_digests() const override;
  events::Result<std::optional<std::string>> setting(const std::string& name) const override;

  /// Whether commits from now on survive `lose_unsynced` without a `sync`.
  void set_durable(bool durable);
  /// Makes everything committed so far durable.
  void sync();
  /// A power cut: the store is as it was after the last durable commit or `sync`.
  void lose_unsynced();
  /// The next commits fail with device_storage and write nothing, until told otherwise.
  void set_failing(bool failing) { failing_ = failing; }
  /// The record of this digest cannot be read from now on: storage_corrupt.
  void damage_record(const events::Digest& digest) { damaged_.insert(digest); }

 private:
  struct Content {
    std::optional<Identity> identity;
    std::vector<OwnEvent> own;
    std::set<std::uint64_t> cuts;
    std::map<std::pair<std::uint64_t, std::uint64_t>, events::Signature> signatures;
    std::map<std::uint64_t, events::BlockReceipt> receipts;
    std::map<events::Position, events::Bytes> foreign;
    PullState pull;
    std::optional<SnapshotBase> base;
    std::optional<SnapshotPart> part;
    std::map<events::EventId, events::Digest> record_names;
    std::map<events::Digest, HomedRecord> privates;
    std::map<std::string, std::string> settings;
    std::map<std::uint64_t, events::protocol::SignedReceipt> signed_receipts;
    std::map<events::ChainNumber, Branch> branches;
    std::map<events::ChainNumber, std::vector<OwnEvent>> branch_events;
    std::optional<DeviceKey> next_key;

    void take_snapshot(const StoreChange& change);
  };

  Content content_;
  Content durable_content_;  // Only meaningful while not durable.
  bool durable_ = true;
  bool failing_ = false;
  std::set<events::Digest> damaged_;
};

}  // namespace clients
