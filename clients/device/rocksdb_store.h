#pragma once

#include "clients/core/log/row_store.h"
#include "clients/device/keyring.h"
#include "clients/device/rocksdb_rows.h"

#include <filesystem>
#include <memory>

namespace clients {

/// What a store on disk is made of.
struct RocksdbParts {
  RocksdbRows rows;
  Keyring secrets;
};

/// A device's store on disk: a RocksDB in `home`/store, and the keyring beside it with the secret
/// seed and the keys that seal private records.  Each commit is one synced batch.
///
/// Thread: one at a time; one process that writes at a time, and any that read.
class RocksdbStore final : private RocksdbParts, public RowStore {
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

  /// Opens the keyring, and goes on with what needs it.  Errors: as Keyring::unlock.
  events::Result<void> unlock(const LockSecret& secret, events::Timestamp now);
  Keyring& keyring() { return secrets; }
  const Keyring& keyring() const { return secrets; }

 private:
  explicit RocksdbStore(RocksdbParts parts);
};

}  // namespace clients
