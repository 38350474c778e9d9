#include "server/store/log_database.h"

#include "server/store/rocks_error.h"
#include "server/store/rocks_watch.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/file_checksum.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/table.h>

#include <array>
#include <string>
#include <utility>

namespace server {
namespace {

constexpr std::size_t block_cache_bytes = std::size_t{64} << 20U;

struct Table {
  const char* name;
  rocksdb::ColumnFamilyHandle* LogDatabase::*handle;
};
constexpr std::array<Table, 7> tables = {{{"blocks", &LogDatabase::blocks},
                                          {"scopes", &LogDatabase::scopes},
                                          {"heads", &LogDatabase::heads},
                                          {"chain_blocks", &LogDatabase::chain_blocks},
                                          {"hashes", &LogDatabase::hashes},
                                          {"checkpoints", &LogDatabase::checkpoints},
                                          {"meta", &LogDatabase::meta}}};

rocksdb::Env* env_of(const LogOptions& options) {
  return options.env != nullptr ? options.env : rocksdb::Env::Default();
}

rocksdb::Options database_options(const LogOptions& options, const RocksWatch& watch) {
  rocksdb::Options result;
  result.env = env_of(options);
  result.create_if_missing = options.create_if_missing;
  result.create_missing_column_families = options.create_if_missing;
  result.paranoid_checks = true;
  result.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  // What a killed process wrote may be in the kernel's memory only; recovery puts it into tables.
  result.avoid_flush_during_recovery = false;
  result.max_total_wal_size = options.max_total_wal_bytes;
  result.max_bgerror_resume_count = 0;  // A failed disk does not recover by trying again.
  result.file_checksum_gen_factory = rocksdb::GetFileChecksumGenCrc32cFactory();
  result.listeners.push_back(watch.listener());
  result.info_log = watch.logger();
  return result;
}

std::vector<rocksdb::ColumnFamilyDescriptor> descriptors(const LogOptions& options) {
  rocksdb::BlockBasedTableOptions format;
  format.block_cache = rocksdb::NewLRUCache(block_cache_bytes);
  format.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  rocksdb::ColumnFamilyOptions each;
  each.write_buffer_size = options.write_buffer_bytes;
  each.compression = rocksdb::kLZ4Compression;
  each.bottommost_compression = rocksdb::kZSTD;
  each.table_factory.reset(rocksdb::NewBlockBasedTableFactory(format));
  std::vector<rocksdb::ColumnFamilyDescriptor> result;
  result.emplace_back(rocksdb::kDefaultColumnFamilyName, each);
  for (const Table& table : tables) result.emplace_back(table.name, each);
  return result;
}

events::Error not_opened(const rocksdb::Status& status, const std::filesystem::path& path,
                         const RocksWatch& watch) {
  events::Error error = error_of(status, path.string());
  if (const std::string complaint = watch.complaint(); !complaint.empty()) {
    error.message += " (" + complaint + ")";
  }
  if (error.code == events::ErrorCode::storage_corrupt) {
    error.message +=
        ".  Stop here: restore the database together with its high-water file from one backup";
  }
  return error;
}

}  // namespace

LogDatabase::LogDatabase() = default;

LogDatabase::~LogDatabase() {
  for (rocksdb::ColumnFamilyHandle* handle : handles) {
    owned->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
  }
  if (owned) owned->Close().PermitUncheckedError();
}

events::Result<std::unique_ptr<LogDatabase>> open_log_database(const LogOptions& options,
                                                               bool read_only,
                                                               const RocksWatch& watch) {
  auto database = std::make_unique<LogDatabase>();
  rocksdb::DB* opened = nullptr;
  const rocksdb::Options how = database_options(options, watch);
  const std::string path = options.path.string();
  const auto families = descriptors(options);
  const rocksdb::Status status =
      read_only ? rocksdb::DB::OpenForReadOnly(how, path, families, &database->handles, &opened)
                : rocksdb::DB::Open(how, path, families, &database->handles, &opened);
  if (!status.ok()) return not_opened(status, options.path, watch);
  database->owned.reset(opened);
  for (std::size_t index = 0; index < tables.size(); ++index) {
    *database.*tables[index].handle = database->handles[1 + index];
  }
  return database;
}

bool log_database_exists(const LogOptions& options) {
  if (!env_of(options)->FileExists((options.path / "CURRENT").string()).ok()) return false;
  rocksdb::Options how;
  how.env = env_of(options);
  std::vector<std::string> names;
  const rocksdb::Status status =
      rocksdb::DB::ListColumnFamilies(how, options.path.string(), &names);
  // A damaged list is for the opening to report; an incomplete one is a founding cut short.
  return !status.ok() || names.size() == 1 + tables.size();
}

events::Result<void> check_not_open(const LogOptions& options) {
  rocksdb::FileLock* lock = nullptr;
  rocksdb::Env* const env = env_of(options);
  rocksdb::Status status = env->LockFile((options.path / "LOCK").string(), &lock);
  if (status.ok()) status = env->UnlockFile(lock);
  if (!status.ok()) return error_of(status, options.path.string());
  return {};
}

std::uint64_t write_ahead_bytes(const LogOptions& options) {
  std::vector<rocksdb::Env::FileAttributes> files;
  env_of(options)->GetChildrenFileAttributes(options.path.string(), &files).PermitUncheckedError();
  std::uint64_t bytes = 0;
  for (const auto& file : files) {
    if (file.name.ends_with(".log")) bytes += file.size_bytes;
  }
  return bytes;
}

}  // namespace server
