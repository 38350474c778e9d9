#include "clients/device/rocksdb_opening.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>

#include <chrono>
#include <fstream>
#include <string>
#include <system_error>
#include <thread>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

rocksdb::Options database_options(bool create) {
  rocksdb::Options options;
  options.create_if_missing = create;
  options.paranoid_checks = true;
  // The default opens with half the synced records after one flipped bit of the log.
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = 4 << 20;
  options.max_open_files = 64;
  options.keep_log_file_num = 1;
  options.info_log_level = rocksdb::InfoLogLevel::ERROR_LEVEL;
  return options;
}

/// Logs of the database that may lie there; each opening leaves one, empty when nothing was
/// written.
constexpr std::size_t logs_max = 16;

/// No row of the store begins like this.
constexpr const char* no_row = "~";

/// The database removes its logs when it flushes, and it flushes only what was written: a device
/// that is read a hundred times has a hundred of them.  Taking out a row that is not there makes
/// something to flush.  What fails here fails when it matters, too.
void drop_empty_logs(rocksdb::DB& db, const std::filesystem::path& folder) {
  std::error_code failure;
  std::size_t logs = 0;
  std::filesystem::directory_iterator each(folder, failure);
  for (; !failure && each != std::filesystem::directory_iterator(); each.increment(failure)) {
    if (each->path().extension() == ".log") ++logs;
  }
  if (logs <= logs_max) return;
  if (!db.Delete(rocksdb::WriteOptions(), no_row).ok()) return;
  static_cast<void>(db.Flush(rocksdb::FlushOptions()).ok());
}

/// What changes whenever the database drops files: the name and the size of its list of them.
std::string list_of_files(const std::filesystem::path& folder) {
  std::ifstream current(folder / "CURRENT");
  std::string name;
  std::getline(current, name);
  std::error_code failure;
  return name + ' ' + std::to_string(std::filesystem::file_size(folder / name, failure));
}

}  // namespace

Error error_of(const rocksdb::Status& status) {
  const std::string text = status.ToString();
  if (status.IsCorruption()) return {ErrorCode::storage_corrupt, text};
  // RocksDB reports the lock of another process as an I/O error; that the file of the lock cannot
  // be opened is another one.
  const bool is_held = text.find("While lock file") != std::string::npos ||
                       text.find("lock hold by current process") != std::string::npos;
  if (is_held) return {ErrorCode::busy, text};
  // A table that is named and not there was lost, whatever the disk says of it.
  if (status.IsPathNotFound()) return {ErrorCode::storage_corrupt, text};
  if (text.find("Permission denied") != std::string::npos) {
    return {ErrorCode::device_denied, text};
  }
  return {ErrorCode::device_storage, text};
}

Result<std::unique_ptr<rocksdb::DB>> open_to_write(const std::filesystem::path& folder,
                                                   bool create) {
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status =
      rocksdb::DB::Open(database_options(create), folder.string(), &opened);
  if (!status.ok()) return error_of(status);
  std::unique_ptr<rocksdb::DB> db(opened);
  drop_empty_logs(*db, folder);
  return db;
}

Result<std::unique_ptr<rocksdb::DB>> open_beside_a_writer(const std::filesystem::path& folder) {
  constexpr int tries = 20;
  rocksdb::Options options = database_options(false);
  options.max_open_files = -1;  // All from the start: what is dropped later stays readable.
  rocksdb::Status status;
  for (int attempt = 1; attempt <= tries; ++attempt) {
    const std::string before = list_of_files(folder);
    rocksdb::DB* opened = nullptr;
    status = rocksdb::DB::OpenForReadOnly(options, folder.string(), &opened);
    std::unique_ptr<rocksdb::DB> db(opened);
    const bool is_still = list_of_files(folder) == before;
    if (status.ok() && is_still) return db;
    if (is_still && attempt > 1) return error_of(status);
    std::this_thread::sleep_for(std::chrono::milliseconds(10 * attempt));
  }
  if (!status.ok()) return error_of(status);
  return Error{ErrorCode::busy, "another program changes the store all the time"};
}

}  // namespace clients
