#include "server/store/checkpoint_store.h"

#include "events/crypto/digest.h"
#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"

#include <rocksdb/db.h>

#include <string>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;

// A row is revision:u32 position:u64 and the SHA-256 of those and the bytes, then the bytes.
constexpr std::size_t statement_bytes = 4 + 8;
constexpr std::size_t head_bytes = statement_bytes + 32;

}  // namespace

events::Result<void> CheckpointStore::put(std::string_view name, std::uint32_t revision,
                                          events::Position position, events::ByteView bytes) {
  std::string row;
  row.reserve(head_bytes + bytes.size());
  append_number(row, revision, 4);
  append_number(row, position.value, 8);
  append_digest(row, events::sha256(events::bytes_of(row), bytes));
  row.append(text_of(bytes));

  rocksdb::WriteOptions beside_the_write_ahead_log;
  beside_the_write_ahead_log.disableWAL = true;
  rocksdb::Status status = database_.Put(beside_the_write_ahead_log, &family_,
                                         rocksdb::Slice(name.data(), name.size()), row);
  if (status.ok()) status = database_.Flush(rocksdb::FlushOptions(), &family_);
  if (status.ok()) return {};
  return Error{ErrorCode::storage_failed, error_of(status, "checkpoint").message};
}

events::Result<std::optional<Checkpoint>> CheckpointStore::get(std::string_view name,
                                                               std::uint32_t revision) const {
  std::string row;
  const rocksdb::Status status = database_.Get(rocksdb::ReadOptions(), &family_,
                                               rocksdb::Slice(name.data(), name.size()), &row);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return error_of(status, "checkpoint");

  const std::string damaged = "checkpoint " + std::string(name) + " is not what was stored";
  if (row.size() < head_bytes) return Error{ErrorCode::storage_corrupt, damaged};
  const std::string_view text = row;
  const events::ByteView bytes = events::bytes_of(text.substr(head_bytes));
  const events::ByteView statement = events::bytes_of(text.substr(0, statement_bytes));
  if (events::sha256(statement, bytes) != digest_at(text, statement_bytes)) {
    return Error{ErrorCode::storage_corrupt, damaged};
  }
  if (number_at(text, 0, 4) != revision) return std::nullopt;
  return Checkpoint{events::Position{number_at(text, 4, 8)}, {bytes.begin(), bytes.end()}};
}

}  // namespace server
