#include "server/store/side_database.h"

#include "server/store/rocks_error.h"

#include <rocksdb/db.h>

namespace server {

events::Result<std::unique_ptr<rocksdb::DB>> open_side_database(const std::filesystem::path& path,
                                                                std::size_t write_buffer_bytes,
                                                                rocksdb::Env* env) {
  rocksdb::Options options;
  if (env != nullptr) options.env = env;
  options.create_if_missing = true;
  options.paranoid_checks = true;
  options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = write_buffer_bytes;
  options.keep_log_file_num = 1;
  options.info_log_level = rocksdb::InfoLogLevel::ERROR_LEVEL;
  rocksdb::DB* opened = nullptr;
  const rocksdb::Status status = rocksdb::DB::Open(options, path.string(), &opened);
  if (!status.ok()) return error_of(status, path.string());
  return std::unique_ptr<rocksdb::DB>(opened);
}

}  // namespace server
