#include "server/store/log_tail.h"

#include "server/store/high_water.h"
#include "server/store/log_keys.h"
#include "server/store/rocks_error.h"

#include <rocksdb/db.h>

#include <memory>
#include <optional>
#include <set>
#include <string>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;
using events::LogHead;
using events::Position;
using events::Result;
using events::StoredBlock;

constexpr const char* what_to_do =
    ".  Stop here: restore the database together with its high-water file from one backup.  Only "
    "if this database is what you want to go on with, make its high-water file anew; devices then "
    "push again what it lost";

/// What a block takes in the write-ahead log beside its own bytes, at the very least.
constexpr std::uint64_t other_rows_bytes = 200;

Error corrupt(const std::filesystem::path& path, const std::string& what) {
  return {ErrorCode::storage_corrupt, path.string() + ": " + what + what_to_do};
}

Result<std::optional<std::string>> row(const LogDatabase& tables,
                                       rocksdb::ColumnFamilyHandle* family,
                                       const std::string& key) {
  std::string value;
  const rocksdb::Status status = tables.owned->Get(rocksdb::ReadOptions(), family, key, &value);
  if (status.IsNotFound()) return std::nullopt;
  if (!status.ok()) return error_of(status, "table " + family->GetName());
  return value;
}

/// Whether the row exists and, where `value` is given, holds it.
Result<void> expect_row(const LogDatabase& tables, rocksdb::ColumnFamilyHandle* family,
                        const std::string& key, const std::optional<std::string>& value) {
  const Result<std::optional<std::string>> found = row(tables, family, key);
  if (!found) return found.error();
  if (*found && (!value || **found == *value)) return {};
  return Error{ErrorCode::storage_corrupt,
               "table " + family->GetName() + " lacks a row of a block it should know"};
}

std::string encoded_head_after(const StoredBlock& block) {
  events::Digest hash = block.previous;
  for (const events::BlockEntry& entry : block.entries) {
    hash = events::chain_next(hash, entry.canonical);
  }
  return number_and_digest(block.last_seq(), hash);
}

/// Whether the other tables know the block; `newest` when no later block of its chain was seen.
Result<void> check_rows(const LogDatabase& tables, const StoredBlock& block, bool newest) {
  if (auto known =
          expect_row(tables, tables.chain_blocks, chain_block_key(block.chain, block.first_seq),
                     position_key(block.first));
      !known) {
    return known;
  }
  for (const events::UnitId unit : block.scope.units()) {
    const Position before{block.first.value - 1};
    Result<events::ScopeSum> sum = scope_sum_at(tables, rocksdb::ReadOptions(), unit, before);
    if (!sum) return sum.error();
    sum->add(block.first, block.last(), events::fingerprint_of(block.root_after));
    const std::string row = scope_row(block.entries.size(), *sum);
    if (auto known = expect_row(tables, tables.scopes, scope_key(unit, block.first), row); !known) {
      return known;
    }
  }
  if (!newest) return {};
  return expect_row(tables, tables.heads, chain_key(block.chain), encoded_head_after(block));
}

Result<LogTail> read_ends(const LogDatabase& tables, const std::filesystem::path& path) {
  LogTail tail;
  tail.head.root = events::empty_root();
  const auto founding = row(tables, tables.meta, meta_founding_key);
  if (!founding) return founding.error();
  if (!*founding) return tail;
  if ((*founding)->size() < 4 || number_at(**founding, 0, 4) != log_tables_form) {
    return Error{ErrorCode::unsupported,
                 path.string() + " was written by a server of another version"};
  }
  if ((*founding)->size() != 12) return corrupt(path, "the founding row is damaged");
  tail.head.log.value = static_cast<std::uint32_t>(number_at(**founding, 4, 4));
  tail.head.epoch.value = static_cast<std::uint32_t>(number_at(**founding, 8, 4));

  const auto head = row(tables, tables.meta, meta_head_key);
  if (!head) return head.error();
  const auto frontier = row(tables, tables.hashes, frontier_key);
  if (!frontier) return frontier.error();
  if (head->has_value() != frontier->has_value()) {
    return corrupt(path, "the head or the frontier is missing");
  }
  if (!*head) return tail;
  if ((*head)->size() != chain_head_bytes) return corrupt(path, "the head is damaged");
  tail.head.position = Position{number_at(**head, 0, 8)};
  tail.head.root = digest_at(**head, 8);

  Result<events::Frontier> decoded = events::Frontier::decode(events::bytes_of(**frontier));
  if (!decoded) return corrupt(path, "the frontier is damaged");
  tail.frontier = *decoded;
  if (tail.frontier.size() != tail.head.position.value || tail.frontier.root() != tail.head.root) {
    return corrupt(path, "the frontier is not that of the head");
  }
  return tail;
}

Result<void> check_blocks(const LogDatabase& tables, const LogHead& head,
                          std::uint64_t recovered_bytes, const std::filesystem::path& path) {
  std::uint64_t expected_last = head.position.value;
  std::uint64_t seen_bytes = 0;
  std::set<std::uint32_t> seen_chains;
  const std::unique_ptr<rocksdb::Iterator> blocks(
      tables.owned->NewIterator(rocksdb::ReadOptions(), tables.blocks));
  for (blocks->SeekToLast(); blocks->Valid(); blocks->Prev()) {
    const Result<StoredBlock> block =
        events::decode_stored_block(events::bytes_of(blocks->value().ToStringView()));
    if (!block) return corrupt(path, block.error().message);
    if (block->last().value != expected_last || block->log != head.log ||
        blocks->key().ToStringView() != position_key(block->first)) {
      return corrupt(path, "no block ends at position " + std::to_string(expected_last));
    }
    if (block->last() == head.position && block->root_after != head.root) {
      return corrupt(path, "the last block has another root than the head");
    }
    const bool newest = seen_chains.insert(block->chain.value).second;
    if (auto known = check_rows(tables, *block, newest); !known) {
      return corrupt(path, known.error().message);
    }
    expected_last = block->first.value - 1;
    seen_bytes += blocks->value().size() + other_rows_bytes;
    if (seen_bytes >= recovered_bytes) return {};
  }
  if (!blocks->status().ok()) return error_of(blocks->status(), path.string());
  if (expected_last == 0) return {};
  return corrupt(path, "no block ends at position " + std::to_string(expected_last));
}

}  // namespace

Result<events::ScopeSum> scope_sum_at(const LogDatabase& tables, const rocksdb::ReadOptions& read,
                                      events::UnitId unit, Position position) {
  const std::unique_ptr<rocksdb::Iterator> rows(tables.owned->NewIterator(read, tables.scopes));
  const std::string key = scope_key(unit, position);
  rows->SeekForPrev(key);
  if (!rows->status().ok()) return error_of(rows->status(), "table scopes");
  const std::string_view of_unit = std::string_view(key).substr(0, key.size() - 8);
  if (!rows->Valid() || !rows->key().ToStringView().starts_with(of_unit)) {
    return events::ScopeSum{};
  }
  const std::string_view row = rows->value().ToStringView();
  if (row.size() != scope_row_bytes) {
    return Error{ErrorCode::storage_corrupt, "table scopes: a row is damaged"};
  }
  return scope_sum_in(row);
}

Result<LogTail> read_tail(const LogDatabase& tables, std::uint64_t recovered_bytes,
                          const std::filesystem::path& path) {
  Result<LogTail> tail = read_ends(tables, path);
  if (!tail) return tail;
  if (auto agree = check_blocks(tables, tail->head, recovered_bytes, path); !agree) {
    return agree.error();
  }
  return tail;
}

Result<void> check_promise(const LogDatabase& tables, const LogHead& head, const LogHead& mark,
                           const std::filesystem::path& path) {
  const std::string file = HighWater::path_for(path).string();
  if (mark.position.value == 0 && head.log.value == 0) return {};
  if (head.position < mark.position) {
    return Error{ErrorCode::storage_rolled_back,
                 path.string() + " ends at position " + std::to_string(head.position.value) +
                     ", but " + file + " says that it had reached " +
                     std::to_string(mark.position.value) +
                     ": it is an older copy, or its write-ahead log is damaged" + what_to_do};
  }
  if (mark.log != head.log) {
    return Error{ErrorCode::wrong_log, file + " belongs to log " + std::to_string(mark.log.value) +
                                           ", " + path.string() + " holds log " +
                                           std::to_string(head.log.value)};
  }
  if (mark.position.value == 0) return {};
  const std::unique_ptr<rocksdb::Iterator> blocks(
      tables.owned->NewIterator(rocksdb::ReadOptions(), tables.blocks));
  blocks->SeekForPrev(position_key(mark.position));
  if (!blocks->Valid()) return corrupt(path, "the block of the high-water mark is missing");
  const Result<StoredBlock> block =
      events::decode_stored_block(events::bytes_of(blocks->value().ToStringView()));
  if (!block) return corrupt(path, block.error().message);
  if (block->last() == mark.position && block->root_after == mark.root) return {};
  return Error{ErrorCode::storage_rolled_back, path.string() +
                                                   " holds other events up to position " +
                                                   std::to_string(mark.position.value) + " than " +
                                                   file + " promises" + what_to_do};
}

}  // namespace server
