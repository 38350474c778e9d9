#include "server/store/rocks_private_store.h"

#include "events/base/check.h"
#include "server/store/database_copy.h"
#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"
#include "server/store/rocks_watch.h"

#include <rocksdb/db.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace server {

using events::Digest;
using events::Error;
using events::ErrorCode;
using events::PrivateRecord;
using events::Result;

namespace {

// A row is salt[16], then the bytes.
constexpr std::size_t salt_bytes = 16;

rocksdb::Slice key_of(const Digest& digest) {
  return {reinterpret_cast<const char*>(digest.bytes.data()), digest.bytes.size()};
}

/// Nothing when the row cannot be one.
std::optional<PrivateRecord> record_in(events::ByteView row) {
  if (row.size() < salt_bytes) return std::nullopt;
  PrivateRecord record;
  std::ranges::copy(row.first(salt_bytes), record.salt.begin());
  record.bytes.assign(row.begin() + salt_bytes, row.end());
  return record;
}

rocksdb::WriteOptions durable() {
  rocksdb::WriteOptions options;
  options.sync = true;
  return options;
}

}  // namespace

struct RocksPrivateStore::Database {
  Options options;
  RocksWatch watch;
  std::unique_ptr<rocksdb::DB> rocks;

  Result<void> check_writable() const {
    if (const auto failed = watch.failure()) {
      return Error{ErrorCode::storage_failed,
                   "the private store accepts nothing more: " + failed->message};
    }
    return options.disk_floor.check(options.path);
  }

  Result<void> done(const rocksdb::Status& status, const char* what) {
    if (status.ok()) return {};
    const Error error{ErrorCode::storage_failed,
                      error_of(status, what + (" " + options.path.string())).message};
    watch.fail(error);
    return error;
  }
};

RocksPrivateStore::RocksPrivateStore(std::unique_ptr<Database> database)
    : database_(std::move(database)) {}
RocksPrivateStore::~RocksPrivateStore() = default;

Result<std::unique_ptr<RocksPrivateStore>> RocksPrivateStore::open(const Options& options) {
  return open(options, /*read_only=*/false);
}

Result<std::unique_ptr<RocksPrivateStore>> RocksPrivateStore::open_read_only(
    const std::filesystem::path& path) {
  Options options;
  options.path = path;
  return open(options, /*read_only=*/true);
}

Result<std::unique_ptr<RocksPrivateStore>> RocksPrivateStore::open(const Options& options,
                                                                   bool read_only) {
  auto database = std::make_unique<Database>();
  database->options = options;
  rocksdb::Options rocks_options;
  if (options.env != nullptr) rocks_options.env = options.env;
  rocks_options.create_if_missing = options.create_if_missing;
  rocks_options.paranoid_checks = true;
  rocks_options.wal_recovery_mode = rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  rocks_options.max_bgerror_resume_count = 0;
  rocks_options.compression = rocksdb::kNoCompression;  // Names and numbers, salted: no gain.
  rocks_options.listeners.push_back(database->watch.listener());
  rocks_options.info_log = database->watch.logger();
  rocksdb::Env* const env = rocks_options.env;
  if (!options.create_if_missing &&
      env->FileExists((options.path / "CURRENT").string()).IsNotFound()) {
    return Error{ErrorCode::not_found, options.path.string() + " holds no private records"};
  }
  rocksdb::DB* opened = nullptr;
  const std::string path = options.path.string();
  const rocksdb::Status status = read_only
                                     ? rocksdb::DB::OpenForReadOnly(rocks_options, path, &opened)
                                     : rocksdb::DB::Open(rocks_options, path, &opened);
  if (!status.ok()) {
    Error error = error_of(status, options.path.string());
    const std::string complaint = database->watch.complaint();
    if (!complaint.empty()) error.message += " (" + complaint + ")";
    return error;
  }
  database->rocks.reset(opened);
  return std::unique_ptr<RocksPrivateStore>(new RocksPrivateStore(std::move(database)));
}

Result<void> RocksPrivateStore::put(std::span<const PrivateRecord> records) {
  CHECK(!records.empty(), "callers put what arrived");
  if (auto writable = database_->check_writable(); !writable) return writable;
  rocksdb::WriteBatch batch;
  for (const PrivateRecord& record : records) {
    std::string row(text_of(record.salt));
    row.append(text_of(record.bytes));
    const rocksdb::Status put = batch.Put(key_of(record.digest()), row);
    if (!put.ok()) return database_->done(put, "write to");
  }
  return database_->done(database_->rocks->Write(durable(), &batch), "write to");
}

Result<std::optional<PrivateRecord>> RocksPrivateStore::get(const Digest& digest) const {
  std::string row;
  const rocksdb::Status status =
      database_->rocks->Get(rocksdb::ReadOptions(), key_of(digest), &row);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return error_of(status, database_->options.path.string());

  std::optional<PrivateRecord> record = record_in(events::bytes_of(row));
  if (record && record->digest() == digest) return record;
  return Error{ErrorCode::storage_corrupt,
               database_->options.path.string() + ": a record is not the one its digest names"};
}

Result<bool> RocksPrivateStore::contains(const Digest& digest) const {
  rocksdb::PinnableSlice row;
  const rocksdb::Status status = database_->rocks->Get(
      rocksdb::ReadOptions(), database_->rocks->DefaultColumnFamily(), key_of(digest), &row);
  if (status.IsNotFound()) return false;
  if (!status.ok()) return error_of(status, database_->options.path.string());
  return true;
}

Result<void> RocksPrivateStore::erase(const Digest& digest) {
  if (auto writable = database_->check_writable(); !writable) return writable;
  rocksdb::DB& rocks = *database_->rocks;
  // The delete leaves the write-ahead log with the flush, and the tables with the compaction.
  rocksdb::Status status = rocks.Delete(durable(), key_of(digest));
  if (status.ok()) status = rocks.Flush(rocksdb::FlushOptions());
  if (!status.ok()) return database_->done(status, "erase from");

  rocksdb::CompactRangeOptions rewrite;
  rewrite.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  const rocksdb::Slice only = key_of(digest);
  return database_->done(rocks.CompactRange(rewrite, &only, &only), "erase from");
}

Result<void> RocksPrivateStore::checkpoint_to(const std::filesystem::path& path) const {
  return checkpoint_database(*database_->rocks, path);
}

Result<void> RocksPrivateStore::verify() const {
  const rocksdb::Status status = database_->rocks->VerifyChecksum(rocksdb::ReadOptions());
  if (!status.ok()) return error_of(status, database_->options.path.string());
  return {};
}

Result<void> RocksPrivateStore::check_each(const Visitor& visit) const {
  rocksdb::ReadOptions options;
  options.fill_cache = false;
  const std::unique_ptr<rocksdb::Iterator> row(database_->rocks->NewIterator(options));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const rocksdb::Slice key = row->key();
    const rocksdb::Slice value = row->value();
    Digest digest;
    const std::size_t known = std::min(key.size(), digest.bytes.size());
    std::copy_n(key.data(), known, digest.bytes.begin());
    const auto record = record_in(events::bytes_of(std::string_view(value.data(), value.size())));
    visit(digest, key.size() == digest.bytes.size() && record && record->digest() == digest);
  }
  if (!row->status().ok()) return error_of(row->status(), database_->options.path.string());
  return {};
}

bool RocksPrivateStore::healthy() const { return database_->watch.healthy(); }

}  // namespace server
