#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "server/store/disk_floor.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

namespace rocksdb {
class ColumnFamilyHandle;
class DB;
class Env;
}  // namespace rocksdb

namespace server {

class RocksWatch;

/// How a log is opened.
struct LogOptions {
  /// The directory of the database; its high-water file lies beside it.
  std::filesystem::path path;
  bool create_if_missing = false;
  /// Of a new log.  An existing log keeps its own; another number here is refused, 0 is not.
  events::LogId log;
  events::Epoch epoch;
  /// False breaks the promise of `append`; for the control experiment of the power-cut test.
  bool sync = true;
  /// How long after an append the high-water mark of it survives a power cut, at most; zero: an
  /// append waits for it (docs/decisions/0005-high-water-file.md).
  std::chrono::milliseconds high_water_lag{50};
  DiskFloor disk_floor;
  std::uint64_t max_total_wal_bytes = std::uint64_t{64} << 20U;
  std::size_t write_buffer_bytes = std::size_t{64} << 20U;
  /// Files of the database and the high-water file; null: the machine's own.
  rocksdb::Env* env = nullptr;
};

/// The database of a log and its tables (docs/decisions/0004-one-row-per-block.md).
struct LogDatabase {
  std::unique_ptr<rocksdb::DB> owned;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;  ///< Of `owned`: the default one, then these.
  rocksdb::ColumnFamilyHandle* blocks = nullptr;
  rocksdb::ColumnFamilyHandle* scopes = nullptr;
  rocksdb::ColumnFamilyHandle* heads = nullptr;
  rocksdb::ColumnFamilyHandle* chain_blocks = nullptr;
  rocksdb::ColumnFamilyHandle* hashes = nullptr;
  rocksdb::ColumnFamilyHandle* checkpoints = nullptr;
  rocksdb::ColumnFamilyHandle* meta = nullptr;

  LogDatabase();
  LogDatabase(const LogDatabase&) = delete;
  LogDatabase& operator=(const LogDatabase&) = delete;
  ~LogDatabase();
};

/// Opens the database.  Read only, it does not change a byte; else all that was in its write-ahead
/// log is in synced tables on return.
///
/// Errors: storage_corrupt: the message names the damaged file; storage_failed.
events::Result<std::unique_ptr<LogDatabase>> open_log_database(const LogOptions& options,
                                                               bool read_only,
                                                               const RocksWatch& watch);

/// Whether there is a database with all its tables in the directory, damaged or not.
bool log_database_exists(const LogOptions& options);

/// Errors: storage_failed: a process, perhaps this one, has the database open.
events::Result<void> check_not_open(const LogOptions& options);

/// Bytes of all write-ahead logs: an upper bound of what opening the database will replay.
std::uint64_t write_ahead_bytes(const LogOptions& options);

}  // namespace server
