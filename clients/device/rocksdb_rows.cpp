#include "clients/device/rocksdb_rows.h"

#include "clients/device/rocksdb_opening.h"

#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <rocksdb/write_batch.h>

#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

RocksdbRows::RocksdbRows(std::unique_ptr<rocksdb::DB> db, bool is_writer)
    : db_(std::move(db)), is_writer_(is_writer) {}
RocksdbRows::RocksdbRows(RocksdbRows&& other) noexcept = default;
RocksdbRows::~RocksdbRows() = default;

Result<std::optional<std::string>> RocksdbRows::get(const std::string& key) const {
  std::string value;
  const rocksdb::Status status = db_->Get(rocksdb::ReadOptions(), key, &value);
  if (status.IsNotFound()) return std::optional<std::string>{};
  if (!status.ok()) return error_of(status);
  return std::optional<std::string>{std::move(value)};
}

Result<void> RocksdbRows::each(const std::string& prefix, const Visit& visit) const {
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(rocksdb::ReadOptions()));
  for (row->Seek(prefix); row->Valid() && row->key().starts_with(prefix); row->Next()) {
    const rocksdb::Slice key = row->key();
    const rocksdb::Slice value = row->value();
    const events::ByteView bytes{reinterpret_cast<const std::uint8_t*>(value.data()), value.size()};
    if (Result<void> done = visit({key.data(), key.size()}, bytes); !done) return done;
  }
  if (!row->status().ok()) return error_of(row->status());
  return {};
}

Result<void> RocksdbRows::write(const RowBatch& batch) {
  if (!is_writer_) return Error{ErrorCode::device_storage, "the store was opened to be read"};
  rocksdb::WriteBatch rows;
  for (const RowChange& change : batch.changes()) {
    switch (change.kind) {
      case RowChange::Kind::put:
        rows.Put(change.key, change.value);
        break;
      case RowChange::Kind::erase:
        rows.Delete(change.key);
        break;
      case RowChange::Kind::erase_range:
        rows.DeleteRange(change.key, change.value);
        break;
    }
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  const rocksdb::Status status = db_->Write(synced, &rows);
  if (!status.ok()) return error_of(status);
  return {};
}

Result<void> RocksdbRows::drop_old_bytes(const std::string& prefix) {
  rocksdb::CompactRangeOptions options;
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  std::string end = prefix;
  end.back() = static_cast<char>(end.back() + 1);
  const rocksdb::Slice from(prefix);
  const rocksdb::Slice to(end);
  rocksdb::Status status = db_->Flush(rocksdb::FlushOptions());
  if (status.ok()) status = db_->CompactRange(options, &from, &to);
  if (!status.ok()) return error_of(status);
  return {};
}

}  // namespace clients
