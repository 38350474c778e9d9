#include "server/store/checkpoint_store.h"

#include "events/crypto/digest.h"
#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"

#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>

#include <utility>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;

// A row is revision:u32 position:u64 and the SHA-256 of those and the bytes, then the bytes.  A
// piece stands behind it, under name 0 vector:u16 number:u32: the SHA-256 of key and bytes, then
// the bytes.
constexpr std::size_t statement_bytes = 4 + 8;
constexpr std::size_t digest_bytes = 32;
constexpr std::size_t head_bytes = statement_bytes + digest_bytes;
/// Of a whole checkpoint, so much is in memory twice.
constexpr std::size_t batch_bytes_max = std::size_t{4} << 20U;

std::string first_piece(std::string_view name) { return std::string(name) + '\0'; }
/// Behind all pieces of the name.
std::string end_of_pieces(std::string_view name) { return std::string(name) + '\1'; }

std::string key_of(std::string_view name, const PieceName& piece) {
  std::string key = first_piece(name);
  append_number(key, piece.vector, 2);
  append_number(key, piece.number, 4);
  return key;
}

std::string head_row(std::uint32_t revision, events::Position position, events::ByteView bytes) {
  std::string row;
  row.reserve(head_bytes + bytes.size());
  append_number(row, revision, 4);
  append_number(row, position.value, 8);
  append_digest(row, events::sha256(events::bytes_of(row), bytes));
  row.append(text_of(bytes));
  return row;
}

rocksdb::WriteOptions beside_the_write_ahead_log() {
  rocksdb::WriteOptions options;
  options.disableWAL = true;
  return options;
}

Result<void> result_of(const rocksdb::Status& status) {
  if (status.ok()) return {};
  return Error{ErrorCode::storage_failed, error_of(status, "checkpoint").message};
}

Error damaged(std::string_view name) {
  return {ErrorCode::storage_corrupt,
          "checkpoint " + std::string(name) + " is not what was stored"};
}

}  // namespace

Result<void> CheckpointStore::put(std::string_view name, std::uint32_t revision,
                                  events::Position position, events::ByteView bytes) {
  return update(name, false).finish(revision, position, bytes);
}

CheckpointStore::Update CheckpointStore::update(std::string_view name, bool is_whole) {
  return {*this, name, is_whole};
}

Result<std::optional<Checkpoint>> CheckpointStore::get(std::string_view name,
                                                       std::uint32_t revision) const {
  std::string row;
  const rocksdb::Status status = database_.Get(rocksdb::ReadOptions(), &family_,
                                               rocksdb::Slice(name.data(), name.size()), &row);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return error_of(status, "checkpoint");

  if (row.size() < head_bytes) return damaged(name);
  const std::string_view text = row;
  const events::ByteView bytes = events::bytes_of(text.substr(head_bytes));
  const events::ByteView statement = events::bytes_of(text.substr(0, statement_bytes));
  if (events::sha256(statement, bytes) != digest_at(text, statement_bytes)) return damaged(name);
  if (number_at(text, 0, 4) != revision) return std::nullopt;
  return Checkpoint{events::Position{number_at(text, 4, 8)}, {bytes.begin(), bytes.end()}};
}

Result<void> CheckpointStore::for_each_piece(std::string_view name, const TakePiece& take) const {
  const std::string first = first_piece(name);
  const std::string end = end_of_pieces(name);
  const rocksdb::Slice bound(end);
  rocksdb::ReadOptions options;
  options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> next(database_.NewIterator(options, &family_));
  for (next->Seek(first); next->Valid(); next->Next()) {
    const std::string_view key = next->key().ToStringView();
    const std::string_view row = next->value().ToStringView();
    if (key.size() != first.size() + 6 || row.size() < digest_bytes) return damaged(name);
    const events::ByteView bytes = events::bytes_of(row.substr(digest_bytes));
    if (events::sha256(events::bytes_of(key), bytes) != digest_at(row, 0)) return damaged(name);
    const PieceName piece{static_cast<std::uint32_t>(number_at(key, first.size(), 2)),
                          static_cast<std::uint32_t>(number_at(key, first.size() + 2, 4))};
    if (Result<void> taken = take(piece, bytes); !taken) return taken;
  }
  if (!next->status().ok()) return error_of(next->status(), "checkpoint");
  return {};
}

CheckpointStore::Update::Update(CheckpointStore& store, std::string_view name, bool is_whole)
    : store_(store),
      name_(name),
      is_whole_(is_whole),
      batch_(std::make_unique<rocksdb::WriteBatch>()) {
  if (!is_whole_) return;
  batch_->Delete(&store_.family_, name_);
  batch_->DeleteRange(&store_.family_, first_piece(name_), end_of_pieces(name_));
  failed_ = write();
}

CheckpointStore::Update::Update(Update&& other) noexcept = default;
CheckpointStore::Update::~Update() = default;

Result<void> CheckpointStore::Update::put(const PieceName& piece, events::ByteView bytes) {
  if (!failed_) return failed_;
  const std::string key = key_of(name_, piece);
  std::string row;
  row.reserve(digest_bytes + bytes.size());
  append_digest(row, events::sha256(events::bytes_of(key), bytes));
  row.append(text_of(bytes));
  batch_->Put(&store_.family_, key, row);
  if (is_whole_ && batch_->GetDataSize() > batch_bytes_max) failed_ = write();
  return failed_;
}

Result<void> CheckpointStore::Update::finish(std::uint32_t revision, events::Position position,
                                             events::ByteView bytes) {
  if (!failed_) return failed_;
  if (is_whole_ && batch_->Count() > 0) {
    failed_ = write();
    if (!failed_) return failed_;
  }
  batch_->Put(&store_.family_, name_, head_row(revision, position, bytes));
  if (failed_ = write(); !failed_) return failed_;
  return result_of(store_.database_.Flush(rocksdb::FlushOptions(), &store_.family_));
}

Result<void> CheckpointStore::Update::write() {
  const rocksdb::Status status = store_.database_.Write(beside_the_write_ahead_log(), batch_.get());
  batch_->Clear();
  return result_of(status);
}

}  // namespace server
