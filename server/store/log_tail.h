#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"
#include "server/store/log_database.h"

#include <cstdint>
#include <filesystem>

namespace rocksdb {
struct ReadOptions;
}  // namespace rocksdb

namespace server {

/// Keys of the tables `meta` and `hashes`.
inline constexpr const char* meta_founding_key = "founding";  // form:u32 log:u32 epoch:u32
inline constexpr const char* meta_head_key = "head";          // position:u64 root
inline constexpr const char* frontier_key = "frontier";       // Frontier::encode()
inline constexpr const char* meta_repair_key = "healing";     // epoch:u32 position:u64 root
inline constexpr std::uint32_t log_tables_form = 2;

/// Where a log ends, read back from its tables.
struct LogTail {
  events::LogHead head;  ///< Log 0: not founded.
  events::Frontier frontier;
};

/// Reads the end of the log and checks that its tables agree about it: the head, the frontier, and
/// of the last blocks that together have at least `recovered_bytes` every row that belongs to them.
///
/// Errors: storage_corrupt, unsupported (a newer form), storage_failed.
/// Cost:   some 20 µs a block looked at.
events::Result<LogTail> read_tail(const LogDatabase& tables, std::uint64_t recovered_bytes,
                                  const std::filesystem::path& path);

/// The newest sum of `unit` among its rows that begin at or before `position`.
/// Errors: storage_corrupt: a damaged row; storage_failed.
events::Result<events::ScopeSum> scope_sum_at(const LogDatabase& tables,
                                              const rocksdb::ReadOptions& read, events::UnitId unit,
                                              events::Position position);

/// Whether the log that ends at `head` still holds everything that `mark` promised.
/// Errors: storage_rolled_back, storage_corrupt, wrong_log.
events::Result<void> check_promise(const LogDatabase& tables, const events::LogHead& head,
                                   const events::LogHead& mark, const std::filesystem::path& path);

}  // namespace server
