#pragma once

#include "clients/core/log/store.h"
#include "clients/device/keyring.h"

#include <filesystem>
#include <memory>

namespace clients {

/// A device's store on disk: a RocksDB in `home`/store, and the keyring beside it with the secret
/// seed and the keys that seal private records.  Each commit is one synced batch.
///
/// Format:  keys are one letter and a big-endian number, digest or name; values are in compact
///          form.  See rocksdb_store.cpp.
/// Thread: one at a time; one process that writes at a time, and any that read.
class RocksdbStore final : public ClientStore {
 public:
  /// Opens the store in `home`; makes both when `create` is set.
  /// Private records that lie there unsealed, from before the keyring, are sealed; cut off, that
  /// goes on the next time.
  /// Errors:  not_enrolled: there is none and `create` is not set, otherwise those of check_home()
  ///          and make_home(); busy: another process writes there; not_permitted: others may read
  ///          a key file; device_storage, device_denied, storage_corrupt.
  static events::Result<std::unique_ptr<RocksdbStore>> open(const std::filesystem::path& home,
                                                            bool create);
  /// Opens what is there as it stands at this moment, beside a process that may be writing.  Writes
  /// nothing, so a full or read-only disk is no hindrance; commit() fails with device_storage.
  /// One that has to be put in order first, see open(), is opened to write.
  /// Errors:  as open(); busy: it changes too fast to be read.
  static events::Result<std::unique_ptr<RocksdbStore>> open_to_read(
      const std::filesystem::path& home);
  ~RocksdbStore() override;

  events::Result<void> commit(const StoreChange& change) override;
  events::Result<std::optional<Identity>> identity() const override;
  events::Result<std::vector<OwnEvent>> own_events() const override;
  events::Result<std::vector<std::uint64_t>> cuts() const override;
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
  events::Result<std::optional<events::SecretSeed>> next_seed() const override;
  events::Result<std::vector<events::UnitId>> private_homes() const override;
  events::Result<std::vector<events::Digest>> private_digests() const override;
  events::Result<std::optional<std::string>> setting(const std::string& name) const override;

  /// Opens the keyring, and goes on with what needs it.  Errors: as Keyring::unlock.
  events::Result<void> unlock(const LockSecret& secret, events::Timestamp now);
  Keyring& keyring();
  const Keyring& keyring() const;

 private:
  struct Database;
  explicit RocksdbStore(std::unique_ptr<Database> database);

  std::unique_ptr<Database> database_;
};

}  // namespace clients
