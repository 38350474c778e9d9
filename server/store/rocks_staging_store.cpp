#include "server/store/rocks_staging_store.h"

#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"
#include "server/store/side_database.h"

#include <rocksdb/db.h>

#include <string>
#include <utility>

namespace server {

using events::Result;

namespace {

constexpr std::size_t write_buffer_bytes = 16 << 20;

}  // namespace

struct RocksStagingStore::Database {
  Options options;
  std::unique_ptr<rocksdb::DB> rocks;

  events::Error error(const rocksdb::Status& status) const {
    return error_of(status, options.path.string());
  }
};

RocksStagingStore::RocksStagingStore(std::unique_ptr<Database> database)
    : database_(std::move(database)) {}
RocksStagingStore::~RocksStagingStore() = default;

Result<std::unique_ptr<RocksStagingStore>> RocksStagingStore::open(const Options& options) {
  auto rocks = open_side_database(options.path, write_buffer_bytes, options.env);
  if (!rocks) return rocks.error();
  auto database = std::make_unique<Database>(Database{options, std::move(*rocks)});
  return std::unique_ptr<RocksStagingStore>(new RocksStagingStore(std::move(database)));
}

Result<void> RocksStagingStore::write(const Change& change) {
  // What makes room must not need room.
  if (!change.puts.empty()) {
    auto room = database_->options.disk_floor.check(database_->options.path);
    if (!room) return room;
  }
  rocksdb::WriteBatch batch;
  rocksdb::Status status;
  for (const auto& [key, row] : change.puts) {
    if (status.ok()) status = batch.Put(key, text_of(row));
  }
  for (const std::string& key : change.erased) {
    if (status.ok()) status = batch.Delete(key);
  }
  rocksdb::WriteOptions durable;
  durable.sync = true;
  if (status.ok()) status = database_->rocks->Write(durable, &batch);
  if (!status.ok()) return database_->error(status);
  return {};
}

Result<std::optional<events::Bytes>> RocksStagingStore::get(const std::string& key) const {
  std::string row;
  const rocksdb::Status status = database_->rocks->Get(rocksdb::ReadOptions(), key, &row);
  if (status.IsNotFound()) return std::optional<events::Bytes>{};
  if (!status.ok()) return database_->error(status);
  return std::optional<events::Bytes>{bytes_from(row)};
}

Result<void> RocksStagingStore::each(const Visit& visit) const {
  const std::unique_ptr<rocksdb::Iterator> row(
      database_->rocks->NewIterator(rocksdb::ReadOptions()));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const events::ByteView value = events::bytes_of(row->value().ToStringView());
    if (Result<void> done = visit(row->key().ToStringView(), value); !done) return done;
  }
  if (!row->status().ok()) return database_->error(row->status());
  return {};
}

}  // namespace server
