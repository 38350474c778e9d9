#include "server/store/parking_store.h"

#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"
#include "server/store/side_database.h"

#include <rocksdb/db.h>

#include <string>
#include <utility>

namespace server {

using events::Result;

namespace {

// A key is chain (4 bytes), first seq (8 bytes).
constexpr std::size_t chain_bytes = 4;
constexpr std::size_t seq_bytes = 8;
constexpr std::size_t write_buffer_bytes = 4 << 20;

std::string text_of(const ParkedKey& key) {
  std::string text;
  append_number(text, key.chain.value, chain_bytes);
  append_number(text, key.first_seq, seq_bytes);
  return text;
}

}  // namespace

struct RocksParkingStore::Database {
  Options options;
  std::unique_ptr<rocksdb::DB> rocks;

  events::Error error(const rocksdb::Status& status) const {
    return error_of(status, options.path.string());
  }
};

RocksParkingStore::RocksParkingStore(std::unique_ptr<Database> database)
    : database_(std::move(database)) {}
RocksParkingStore::~RocksParkingStore() = default;

Result<std::unique_ptr<RocksParkingStore>> RocksParkingStore::open(const Options& options) {
  auto rocks = open_side_database(options.path, write_buffer_bytes, options.env);
  if (!rocks) return rocks.error();
  auto database = std::make_unique<Database>(Database{options, std::move(*rocks)});
  return std::unique_ptr<RocksParkingStore>(new RocksParkingStore(std::move(database)));
}

Result<void> RocksParkingStore::put(const ParkedKey& key, events::ByteView row) {
  if (auto room = database_->options.disk_floor.check(database_->options.path); !room) return room;
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const rocksdb::Slice value(reinterpret_cast<const char*>(row.data()), row.size());
  const rocksdb::Status status = database_->rocks->Put(durable, text_of(key), value);
  if (!status.ok()) return database_->error(status);
  return {};
}

Result<void> RocksParkingStore::erase(const ParkedKey& key) {
  const rocksdb::Status status = database_->rocks->Delete(rocksdb::WriteOptions(), text_of(key));
  if (!status.ok()) return database_->error(status);
  return {};
}

Result<std::optional<events::Bytes>> RocksParkingStore::get(const ParkedKey& key) const {
  std::string row;
  const rocksdb::Status status = database_->rocks->Get(rocksdb::ReadOptions(), text_of(key), &row);
  if (status.IsNotFound()) return std::optional<events::Bytes>{};
  if (!status.ok()) return database_->error(status);
  return std::optional<events::Bytes>{bytes_from(row)};
}

Result<void> RocksParkingStore::each(const Visit& visit) const {
  const std::unique_ptr<rocksdb::Iterator> row(
      database_->rocks->NewIterator(rocksdb::ReadOptions()));
  for (row->SeekToFirst(); row->Valid(); row->Next()) {
    const std::string_view key(row->key().data(), row->key().size());
    if (key.size() != chain_bytes + seq_bytes) {
      return events::Error{events::ErrorCode::storage_corrupt,
                           database_->options.path.string() + ": a key of another length"};
    }
    const ParkedKey place{
        events::ChainNumber{static_cast<std::uint32_t>(number_at(key, 0, chain_bytes))},
        number_at(key, chain_bytes, seq_bytes)};
    const events::ByteView value(reinterpret_cast<const std::uint8_t*>(row->value().data()),
                                 row->value().size());
    if (Result<void> done = visit(place, value); !done) return done;
  }
  if (!row->status().ok()) return database_->error(row->status());
  return {};
}

}  // namespace server
