#pragma once

#include "clients/core/log/row_table.h"
#include "clients/core/log/seals.h"
#include "clients/core/log/store.h"

namespace clients {

/// A device's store, written on rows; its secrets are kept by `Seals`.
///
/// Format:  keys are one letter and a big-endian number, digest or name; values are in compact
///          form, see docs/device_store.md.
/// Thread: one at a time.
class RowStore : public ClientStore {
 public:
  /// Lifetime: both outlive the store.
  RowStore(RowTable& rows, Seals& seals) : rows_(rows), seals_(seals) {}

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
  std::unique_ptr<const Signer> signer_of(const DeviceKey& key) const override;

  /// Whether private records lie there unsealed, from before the keyring.
  events::Result<bool> has_unsealed() const;
  /// Seals them, a batch at a time.  Cut off, it goes on with the next call.
  /// Errors:  locked; device_storage, storage_corrupt.
  events::Result<void> seal_unsealed();
  /// Drops the private records whose key was shredded.
  events::Result<void> drop_unreadable();

 private:
  events::Result<std::uint64_t> seed_chain() const;
  events::Result<std::optional<DeviceKey>> key_under(const std::string& name) const;
  events::Result<void> keep_key(const std::string& name, const DeviceKey& key);
  events::Result<void> keep_keys(const StoreChange& change, RowBatch& batch);
  events::Result<void> leave_chain(RowBatch& batch, events::ChainNumber chain) const;
  events::Result<void> put_sealed(RowBatch& batch, const HomedRecord& kept);
  static void put_snapshot(RowBatch& batch, const StoreChange& change);
  static void put_own(RowBatch& batch, const StoreChange& change);

  template <class T>
  events::Result<std::optional<T>> get_decoded(const std::string& key) const;
  template <class T>
  events::Result<std::vector<T>> all(const std::string& prefix) const;

  RowTable& rows_;
  Seals& seals_;
};

}  // namespace clients
