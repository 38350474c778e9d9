#include "clients/device/rocksdb_store.h"

#include "clients/device/home_folder.h"
#include "clients/device/rocksdb_opening.h"

#include <rocksdb/db.h>

#include <utility>

namespace clients {

using events::ErrorCode;
using events::Result;

RocksdbStore::RocksdbStore(RocksdbParts parts)
    : RocksdbParts(std::move(parts)), RowStore(rows, secrets) {}

Result<std::unique_ptr<RocksdbStore>> RocksdbStore::open(const std::filesystem::path& home,
                                                         bool create) {
  const std::filesystem::path folder = store_folder(home);
  if (Result<void> good = create ? make_home(home) : check_home(home); !good) return good.error();
  Result<std::unique_ptr<rocksdb::DB>> db = open_to_write(folder, create);
  if (!db) return db.error();
  Result<Keyring> keyring = Keyring::open(home);
  if (!keyring) return keyring.error();
  std::unique_ptr<RocksdbStore> store(
      new RocksdbStore({RocksdbRows(std::move(*db), true), std::move(*keyring)}));
  if (Result<void> settled = store->drop_unreadable(); !settled) return settled.error();
  if (!store->secrets.is_locked()) {
    if (Result<void> sealed = store->seal_unsealed(); !sealed) return sealed.error();
  }
  return store;
}

Result<std::unique_ptr<RocksdbStore>> RocksdbStore::open_to_read(
    const std::filesystem::path& home) {
  if (Result<void> good = check_home(home); !good) return good.error();
  Result<std::unique_ptr<rocksdb::DB>> db = open_beside_a_writer(store_folder(home));
  if (!db) return db.error();
  // After the rows: a key that one of them needs is there, or was destroyed meanwhile.
  Result<Keyring> keyring = Keyring::open_to_read(home);
  if (!keyring && keyring.error().code != ErrorCode::not_found) return keyring.error();
  if (!keyring) return open(home, false);
  std::unique_ptr<RocksdbStore> store(
      new RocksdbStore({RocksdbRows(std::move(*db), false), std::move(*keyring)}));
  const Result<bool> has_unsealed = store->has_unsealed();
  if (!has_unsealed) return has_unsealed.error();
  if (*has_unsealed) {
    store.reset();
    return open(home, false);
  }
  return store;
}

Result<void> RocksdbStore::unlock(const LockSecret& secret, events::Timestamp now) {
  if (Result<void> opened = secrets.unlock(secret, now); !opened) return opened;
  return seal_unsealed();
}

}  // namespace clients
