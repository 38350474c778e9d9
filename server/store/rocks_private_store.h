#pragma once

#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/log/private_record.h"
#include "server/store/disk_floor.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>

namespace rocksdb {
class Env;
}

namespace server {

/// Private records by their digest, in a database of their own with a backup cycle of its own, so
/// that what is erased here does not live on in backups of the log.
///
/// Thread: any; writes wait for one another.
class RocksPrivateStore {
 public:
  struct Options {
    std::filesystem::path path;
    bool create_if_missing = false;
    DiskFloor disk_floor;
    rocksdb::Env* env = nullptr;  ///< Null: the machine's own files.
  };

  /// Errors: not_found, storage_corrupt, storage_failed.
  static events::Result<std::unique_ptr<RocksPrivateStore>> open(const Options& options);

  /// Opens the records of a stopped server, or of a backup, without writing a byte; `put` and
  /// `erase` are refused.
  /// Errors: not_found, storage_corrupt, storage_failed.
  static events::Result<std::unique_ptr<RocksPrivateStore>> open_read_only(
      const std::filesystem::path& path);

  ~RocksPrivateStore();

  /// Stores all records or none.  On return they survive a power cut.
  ///
  /// Expects: at least one record.
  /// Errors:  storage_failed, for ever after a failed write until reopened; but only until there is
  ///          room when the disk is nearly full.
  events::Result<void> put(std::span<const events::PrivateRecord> records);

  /// Nothing when there is none, or it was erased.
  /// Errors: storage_corrupt: the record is not the one with that digest; storage_failed.
  events::Result<std::optional<events::PrivateRecord>> get(const events::Digest& digest) const;

  /// Errors: storage_corrupt, storage_failed.
  events::Result<bool> contains(const events::Digest& digest) const;

  /// Removes the record, and its bytes from every file of the database.  Absent ones are no error.
  ///
  /// Errors: storage_failed: the record may still be there.
  /// Cost:   rewrites the table files whose range holds the digest.
  events::Result<void> erase(const events::Digest& digest);

  /// A copy of the store as it is now, in a directory that does not exist; its files may be shared
  /// with the store's own.
  /// Thread: any.
  /// Errors: storage_failed.
  events::Result<void> checkpoint_to(const std::filesystem::path& path) const;
  /// Reads every file and compares all checksums.
  /// Errors: storage_corrupt, storage_failed.
  events::Result<void> verify() const;

  /// Told the digest that a record is stored under, and whether it is the record's own.
  using Visitor = std::function<void(const events::Digest&, bool is_own)>;
  /// Recomputes the digest of every record.
  /// Errors: storage_corrupt: the rest cannot be read; storage_failed.
  events::Result<void> check_each(const Visitor& visit) const;

  /// Whether writes are still accepted; false for ever after a failed one.
  bool healthy() const;

 private:
  struct Database;
  static events::Result<std::unique_ptr<RocksPrivateStore>> open(const Options& options,
                                                                 bool read_only);
  explicit RocksPrivateStore(std::unique_ptr<Database> database);
  std::unique_ptr<Database> database_;
};

}  // namespace server
