#include "server/store/rocks_event_log.h"

#include "events/base/check.h"
#include "server/store/database_copy.h"
#include "server/store/high_water.h"
#include "server/store/high_water_syncer.h"
#include "server/store/log_keys.h"
#include "server/store/log_tail.h"
#include "server/store/rocks_error.h"
#include "server/store/rocks_watch.h"

#include <rocksdb/db.h>

#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace server {

using events::Bytes;
using events::ChainHead;
using events::ChainNumber;
using events::Error;
using events::ErrorCode;
using events::Frontier;
using events::LogHead;
using events::Position;
using events::Result;
using events::StoredBlock;

namespace {

/// Sums kept in memory: those of all communes of a large city, some 100 bytes each.
constexpr std::size_t newest_sums_max = 4096;

/// What readers see, all of it from one moment.  The last reader that holds it lets it go.
struct Published {
  LogHead head;
  std::shared_ptr<const rocksdb::Snapshot> snapshot;

  rocksdb::ReadOptions read_options() const {
    rocksdb::ReadOptions options;
    options.snapshot = snapshot.get();
    options.verify_checksums = true;
    return options;
  }
};

}  // namespace

struct RocksEventLog::Tables {
  Options options;
  bool read_only = false;
  RocksWatch watch;
  std::unique_ptr<LogDatabase> database;
  std::unique_ptr<HighWater> high_water;
  std::unique_ptr<HighWaterSyncer> syncer;  // None: appends wait for the high-water file.
  Frontier frontier;                        // The writer's.
  std::optional<LogHead> repair_since;      // The writer's.
  std::map<events::UnitId, events::ScopeSum> newest_sums;  // The writer's; as far as asked for.

  mutable std::mutex mutex;  // Guards published.
  Published published;       // Goes before the database.

  Published now() const {
    const std::lock_guard lock(mutex);
    return published;
  }

  void publish(const LogHead& head) {
    rocksdb::DB* const db = database->owned.get();
    Published next{head, {db->GetSnapshot(), [db](const rocksdb::Snapshot* snapshot) {
                            db->ReleaseSnapshot(snapshot);
                          }}};
    const std::lock_guard lock(mutex);
    std::swap(published, next);
  }

  Result<void> open_to_write(LogTail& checked, bool replace_high_water) {
    auto opened = open_log_database(options, /*read_only=*/false, watch);
    if (!opened) return opened.error();
    database = std::move(*opened);
    Result<LogTail> tail = read_tail(*database, 0, options.path);
    if (!tail) return tail.error();
    if (checked.head.log.value != 0 && tail->head != checked.head) {
      return Error{ErrorCode::storage_failed,
                   options.path.string() + " was changed while it was being opened"};
    }
    checked = *tail;
    if (checked.head.log.value == 0) {
      if (auto founded = found(checked.head); !founded) return founded;
    }
    auto opened_mark = HighWater::open(HighWater::path_for(options.path), checked.head,
                                       replace_high_water, options.env);
    if (!opened_mark) return opened_mark.error();
    high_water = std::move(*opened_mark);
    if (auto raised = high_water->raise(checked.head); !raised) return raised;
    if (auto synced = high_water->sync(); !synced) return synced;
    if (options.high_water_lag.count() > 0) {
      syncer = std::make_unique<HighWaterSyncer>(*high_water, watch, options.high_water_lag);
    }
    return {};
  }

  /// The log is durable up to `head`, and that is about to be promised.
  Result<void> raise_high_water(const LogHead& head) {
    if (auto raised = high_water->raise(head); !raised) return raised;
    if (!syncer) return high_water->sync();
    syncer->wake();
    return {};
  }

  Result<void> found(LogHead& head) {
    if (!options.create_if_missing || options.log.value == 0 || options.epoch.value == 0) {
      return Error{ErrorCode::not_found, options.path.string() + " holds no log"};
    }
    head.log = options.log;
    head.epoch = options.epoch;
    std::string row;
    append_number(row, log_tables_form, 4);
    append_number(row, head.log.value, 4);
    append_number(row, head.epoch.value, 4);
    rocksdb::WriteOptions durable;
    durable.sync = true;
    const rocksdb::Status status =
        database->owned->Put(durable, database->meta, meta_founding_key, row);
    if (!status.ok()) return error_of(status, options.path.string());
    return {};
  }

  /// The log goes on in a later epoch and remembers where it ended before.
  Result<void> raise_epoch(events::Epoch epoch) {
    const LogHead head = now().head;
    std::string founding;
    append_number(founding, log_tables_form, 4);
    append_number(founding, head.log.value, 4);
    append_number(founding, epoch.value, 4);
    std::string since;
    append_number(since, head.epoch.value, 4);
    since += number_and_digest(head.position.value, head.root);
    rocksdb::WriteBatch batch;
    rocksdb::Status status = batch.Put(database->meta, meta_founding_key, founding);
    if (status.ok()) status = batch.Put(database->meta, meta_repair_key, since);
    rocksdb::WriteOptions durable;
    durable.sync = true;
    if (status.ok()) status = database->owned->Write(durable, &batch);
    if (!status.ok()) return error_of(status, options.path.string());
    return {};
  }

  Result<void> read_repair(const LogHead& head) {
    std::string row;
    const rocksdb::Status status =
        database->owned->Get(rocksdb::ReadOptions(), database->meta, meta_repair_key, &row);
    if (status.IsNotFound()) return {};
    if (!status.ok()) return error_of(status, options.path.string());
    if (row.size() != 4 + chain_head_bytes) {
      return Error{ErrorCode::storage_corrupt, options.path.string() + ": a damaged repair row"};
    }
    repair_since =
        LogHead{head.log, events::Epoch{static_cast<std::uint32_t>(number_at(row, 0, 4))},
                Position{number_at(row, 4, 8)}, digest_at(row, 12)};
    return {};
  }

  Result<std::string> block_row(const Published& seen, Position first) const {
    std::string row;
    const rocksdb::Status status =
        database->owned->Get(seen.read_options(), database->blocks, position_key(first), &row);
    if (status.ok()) return row;
    if (!status.IsNotFound()) return error_of(status, "table blocks");
    return Error{ErrorCode::storage_corrupt,
                 "no block begins at position " + std::to_string(first.value)};
  }

  std::unique_ptr<rocksdb::Iterator> iterate(const Published& seen,
                                             rocksdb::ColumnFamilyHandle* family) const {
    return std::unique_ptr<rocksdb::Iterator>(
        database->owned->NewIterator(seen.read_options(), family));
  }

  Result<std::optional<Bytes>> next_of_all(const Published& seen, Position after,
                                           Position* scanned_to) const {
    const auto rows = iterate(seen, database->blocks);
    rows->Seek(position_key(Position{after.value + 1}));
    *scanned_to = seen.head.position;
    if (!rows->Valid()) {
      if (!rows->status().ok()) return error_of(rows->status(), "table blocks");
      return std::nullopt;
    }
    Bytes block = bytes_from(rows->value().ToStringView());
    rows->Next();
    if (rows->Valid()) {
      *scanned_to = Position{number_at(rows->key().ToStringView(), 0, position_key_bytes) - 1};
    } else if (!rows->status().ok()) {
      return error_of(rows->status(), "table blocks");
    }
    return block;
  }

  Result<std::optional<Bytes>> next_of_units(const Published& seen,
                                             const events::ReaderScope& reader, Position after,
                                             Position* scanned_to) const {
    std::optional<Position> first;
    std::uint64_t events = 0;
    const auto rows = iterate(seen, database->scopes);
    for (const events::UnitId unit : reader.units) {
      const std::string start = scope_key(unit, Position{after.value + 1});
      rows->Seek(start);
      if (!rows->Valid()) {
        if (!rows->status().ok()) return error_of(rows->status(), "table scopes");
        continue;
      }
      const std::string_view key = rows->key().ToStringView();
      if (key.substr(0, key.size() - 8) != std::string_view(start).substr(0, start.size() - 8)) {
        continue;
      }
      const Position found{number_at(key, scope_key_bytes - 8, 8)};
      if (first && *first <= found) continue;
      first = found;
      events = number_at(rows->value().ToStringView(), 0, 1);
    }
    *scanned_to = seen.head.position;
    if (!first) return std::nullopt;
    const Result<std::string> row = block_row(seen, *first);
    if (!row) return row.error();
    *scanned_to = Position{first->value + events - 1};
    return bytes_from(*row);
  }

  /// The sum of all that was appended for `unit`.
  Result<events::ScopeSum> newest_sum(events::UnitId unit) const {
    if (const auto known = newest_sums.find(unit); known != newest_sums.end()) return known->second;
    return server::scope_sum_at(*database, rocksdb::ReadOptions(), unit, now().head.position);
  }

  /// `sums` are durable.
  void keep_newest(const std::map<events::UnitId, events::ScopeSum>& sums) {
    if (newest_sums.size() > newest_sums_max) newest_sums.clear();
    for (const auto& [unit, sum] : sums) newest_sums.insert_or_assign(unit, sum);
  }

  Result<ChainHead> chain_head(const rocksdb::ReadOptions& read, ChainNumber chain) const {
    std::string row;
    const rocksdb::Status status =
        database->owned->Get(read, database->heads, chain_key(chain), &row);
    if (status.IsNotFound()) return ChainHead{};
    if (!status.ok()) return error_of(status, "table heads");
    if (row.size() != chain_head_bytes) {
      return Error{ErrorCode::storage_corrupt, "table heads: a row is damaged"};
    }
    return ChainHead{number_at(row, 0, 8), digest_at(row, 8)};
  }
};

RocksEventLog::RocksEventLog(std::unique_ptr<Tables> tables)
    : tables_(std::move(tables)),
      checkpoints_(std::make_unique<CheckpointStore>(*tables_->database->owned,
                                                     *tables_->database->checkpoints)) {}

RocksEventLog::~RocksEventLog() = default;

Result<LogHead> RocksEventLog::begin_repair(const Options& options, events::Epoch epoch) {
  {
    const auto log = open(options, HighWaterRule::replace);
    if (!log) return log.error();
    if (auto raised = (*log)->tables_->raise_epoch(epoch); !raised) return raised.error();
  }
  return recreate_high_water(options);
}

Result<void> RocksEventLog::checkpoint_to(const std::filesystem::path& path) const {
  return checkpoint_database(*tables_->database->owned, path);
}

const std::optional<LogHead>& RocksEventLog::repair_since() const { return tables_->repair_since; }

Result<void> RocksEventLog::end_repair() {
  rocksdb::WriteOptions durable;
  durable.sync = true;
  const rocksdb::Status status =
      tables_->database->owned->Delete(durable, tables_->database->meta, meta_repair_key);
  if (!status.ok()) return error_of(status, tables_->options.path.string());
  tables_->repair_since.reset();
  return {};
}

Result<std::unique_ptr<RocksEventLog>> RocksEventLog::open(const Options& options) {
  return open(options, HighWaterRule::compare);
}

Result<std::unique_ptr<RocksEventLog>> RocksEventLog::open_read_only(
    const std::filesystem::path& path) {
  Options options;
  options.path = path;
  return open(options, HighWaterRule::compare_if_present);
}

Result<LogHead> RocksEventLog::recreate_high_water(const Options& options) {
  const auto log = open(options, HighWaterRule::replace);
  if (!log) return log.error();
  return (*log)->head();
}

Result<void> RocksEventLog::check_mark(const Result<LogHead>& mark, HighWaterRule rule, bool exists,
                                       const Options& options) {
  const std::string file = HighWater::path_for(options.path).string();
  if (!exists && mark && mark->position.value > 0) {
    return Error{ErrorCode::storage_rolled_back, options.path.string() + " holds no log, but " +
                                                     file + " says that it had reached position " +
                                                     std::to_string(mark->position.value) +
                                                     ".  Stop here: restore both from one backup"};
  }
  if (!exists && !options.create_if_missing) {
    return Error{ErrorCode::not_found, options.path.string() + " holds no log"};
  }
  if (mark || mark.error().code == ErrorCode::not_found || rule == HighWaterRule::replace) {
    return {};
  }
  return Error{mark.error().code, mark.error().message +
                                      ".  Stop here: restore it together with the database, or "
                                      "make it anew if this is the log to go on with"};
}

Result<void> RocksEventLog::check_found(const LogDatabase& database, const LogHead& head,
                                        const LogHead* promised, HighWaterRule rule,
                                        const Options& options) {
  if (head.log.value != 0 && options.log.value != 0 && options.log != head.log) {
    return Error{ErrorCode::wrong_log,
                 options.path.string() + " holds log " + std::to_string(head.log.value)};
  }
  if (promised != nullptr) return check_promise(database, head, *promised, options.path);
  if (rule == HighWaterRule::compare && head.position.value > 0) {
    return Error{ErrorCode::storage_corrupt,
                 HighWater::path_for(options.path).string() +
                     " is missing: nobody can tell whether the log is whole.  Stop here: restore "
                     "it together with the database, or make it anew if this is the log to go on "
                     "with"};
  }
  return {};
}

Result<std::unique_ptr<RocksEventLog>> RocksEventLog::open(const Options& options,
                                                           HighWaterRule rule) {
  const bool read_only = rule == HighWaterRule::compare_if_present;
  const bool exists = log_database_exists(options);
  if (exists && !read_only) {
    if (auto ours = check_not_open(options); !ours) return ours.error();
  }
  auto tables = std::make_unique<Tables>();
  tables->options = options;
  tables->read_only = read_only;

  // Read before the database: of a log that is being written, the mark must be the older one.
  const std::filesystem::path mark_path = HighWater::path_for(options.path);
  const Result<LogHead> mark = HighWater::read(mark_path, options.env);
  if (auto usable = check_mark(mark, rule, exists, options); !usable) return usable.error();
  LogTail tail;
  if (exists) {
    // A refusal must not lose a byte, and RocksDB drops what it could not replay once it may write.
    const std::uint64_t recovered_bytes = write_ahead_bytes(options);
    auto reading = open_log_database(options, /*read_only=*/true, tables->watch);
    if (!reading) return reading.error();
    Result<LogTail> found = read_tail(**reading, recovered_bytes, options.path);
    if (!found) return found.error();
    tail = *found;
    const LogHead* const promised = rule != HighWaterRule::replace && mark ? &*mark : nullptr;
    if (auto kept = check_found(**reading, tail.head, promised, rule, options); !kept) {
      return kept.error();
    }
    if (read_only) tables->database = std::move(*reading);
  }
  if (!read_only) {
    if (auto opened = tables->open_to_write(tail, rule == HighWaterRule::replace); !opened) {
      return opened.error();
    }
  }
  if (tables->database) {
    if (auto read = tables->read_repair(tail.head); !read) return read.error();
  }
  tables->frontier = tail.frontier;
  tables->publish(tail.head);
  return std::unique_ptr<RocksEventLog>(new RocksEventLog(std::move(tables)));
}

Result<void> RocksEventLog::append(std::span<const StoredBlock> blocks, const Frontier& after) {
  if (tables_->read_only) return Error{ErrorCode::storage_failed, "the log was opened to be read"};
  if (auto failed = failure()) {
    return Error{ErrorCode::storage_failed, "the log accepts nothing more: " + failed->message};
  }
  if (auto room = tables_->options.disk_floor.check(tables_->options.path); !room) return room;

  Result<void> written = write(blocks, after);
  if (!written) {
    tables_->watch.fail(written.error());
    return Error{ErrorCode::storage_failed, written.error().message};
  }
  return {};
}

Result<void> RocksEventLog::write(std::span<const StoredBlock> blocks, const Frontier& after) {
  CHECK(!blocks.empty(), "the sequencer appends what it has judged");
  Tables& tables = *tables_;
  rocksdb::WriteBatch batch;
  LogHead head = this->head();
  std::map<std::uint32_t, ChainHead> chains;
  std::map<events::UnitId, events::ScopeSum> sums;
  for (const StoredBlock& block : blocks) {
    CHECK(block.log == head.log && block.epoch <= head.epoch, "the sequencer knows its log");
    CHECK(block.first.value == head.position.value + 1, "the sequencer numbers densely");
    const auto [chain, is_new] = chains.try_emplace(block.chain.value);
    if (is_new) {
      const Result<ChainHead> stored = tables.chain_head(rocksdb::ReadOptions(), block.chain);
      if (!stored) return stored.error();
      chain->second = *stored;
    }
    CHECK(block.first_seq == chain->second.seq + 1, "the sequencer refuses gaps and repeats");
    CHECK(block.first_seq == 1 || block.previous == chain->second.hash,
          "the sequencer refuses forks");
    chain->second = {block.last_seq(), block.previous};
    for (const events::BlockEntry& entry : block.entries) {
      chain->second.hash = events::chain_next(chain->second.hash, entry.canonical);
    }
    const std::string position = position_key(block.first);
    const Bytes encoded = events::encode_stored_block(block);
    rocksdb::Status put = batch.Put(tables.database->blocks, position, text_of(encoded));
    for (const events::UnitId unit : block.scope.units()) {
      const auto [sum, is_first] = sums.try_emplace(unit);
      if (is_first) {
        const Result<events::ScopeSum> stored = tables.newest_sum(unit);
        if (!stored) return stored.error();
        sum->second = *stored;
      }
      sum->second.add(block.first, block.last(), events::fingerprint_of(block.root_after));
      const std::string row = scope_row(block.entries.size(), sum->second);
      if (put.ok()) put = batch.Put(tables.database->scopes, scope_key(unit, block.first), row);
    }
    if (put.ok()) {
      put = batch.Put(tables.database->chain_blocks, chain_block_key(block.chain, block.first_seq),
                      position);
    }
    if (!put.ok()) return error_of(put, "append");
    head.position = block.last();
    head.root = block.root_after;
  }
  CHECK(after.size() == head.position.value && after.root() == head.root,
        "the frontier is that after the last block");

  rocksdb::Status status;
  for (const auto& [chain, last] : chains) {
    status = batch.Put(tables.database->heads, chain_key(ChainNumber{chain}),
                       number_and_digest(last.seq, last.hash));
    if (!status.ok()) return error_of(status, "append");
  }
  status = batch.Put(tables.database->hashes, frontier_key, text_of(after.encode()));
  if (status.ok()) {
    status = batch.Put(tables.database->meta, meta_head_key,
                       number_and_digest(head.position.value, head.root));
  }
  rocksdb::WriteOptions write_options;
  write_options.sync = tables.options.sync;
  if (status.ok()) status = tables.database->owned->Write(write_options, &batch);
  if (!status.ok()) return error_of(status, "append to " + tables.options.path.string());
  if (tables.options.sync) {
    if (auto raised = tables.raise_high_water(head); !raised) return raised;
  }
  tables.frontier = after;
  tables.keep_newest(sums);
  tables.publish(head);
  return {};
}

LogHead RocksEventLog::head() const { return tables_->now().head; }

Frontier RocksEventLog::frontier() const { return tables_->frontier; }

Result<std::optional<Bytes>> RocksEventLog::block_at(Position position) const {
  const Published seen = tables_->now();
  if (position.value == 0 || position > seen.head.position) return std::nullopt;
  const auto rows = tables_->iterate(seen, tables_->database->blocks);
  rows->SeekForPrev(position_key(position));
  if (rows->Valid()) return bytes_from(rows->value().ToStringView());
  if (!rows->status().ok()) return error_of(rows->status(), "table blocks");
  return Error{ErrorCode::storage_corrupt,
               "no block holds position " + std::to_string(position.value)};
}

Result<std::optional<Bytes>> RocksEventLog::next_block(const events::ReaderScope& reader,
                                                       Position after, Position* scanned_to) const {
  const Published seen = tables_->now();
  if (after >= seen.head.position) {
    *scanned_to = seen.head.position;
    return std::nullopt;
  }
  if (reader.whole_log) return tables_->next_of_all(seen, after, scanned_to);
  return tables_->next_of_units(seen, reader, after, scanned_to);
}

Result<ChainHead> RocksEventLog::chain_head(ChainNumber chain) const {
  return tables_->chain_head(tables_->now().read_options(), chain);
}

Result<std::optional<Bytes>> RocksEventLog::block_of(ChainNumber chain, std::uint64_t seq) const {
  const Published seen = tables_->now();
  const Result<ChainHead> head = tables_->chain_head(seen.read_options(), chain);
  if (!head) return head.error();
  if (seq == 0 || seq > head->seq) return std::nullopt;
  const auto rows = tables_->iterate(seen, tables_->database->chain_blocks);
  const std::string key = chain_block_key(chain, seq);
  rows->SeekForPrev(key);
  if (!rows->status().ok()) return error_of(rows->status(), "table chain_blocks");
  if (!rows->Valid() || !rows->key().ToStringView().starts_with(chain_key(chain))) {
    return Error{ErrorCode::storage_corrupt,
                 "table chain_blocks lacks a block of chain " + std::to_string(chain.value)};
  }
  const Position first{number_at(rows->value().ToStringView(), 0, position_key_bytes)};
  const Result<std::string> row = tables_->block_row(seen, first);
  if (!row) return row.error();
  return bytes_from(*row);
}

Result<events::ScopeSum> RocksEventLog::scope_sum_at(events::UnitId unit, Position position) const {
  const Published seen = tables_->now();
  return server::scope_sum_at(*tables_->database, seen.read_options(), unit, position);
}

bool RocksEventLog::healthy() const { return tables_->watch.healthy(); }

std::optional<Error> RocksEventLog::failure() const { return tables_->watch.failure(); }

Result<void> RocksEventLog::verify_tables() const {
  rocksdb::Status status = tables_->database->owned->VerifyFileChecksums(rocksdb::ReadOptions());
  if (status.ok()) status = tables_->database->owned->VerifyChecksum(rocksdb::ReadOptions());
  if (!status.ok()) return error_of(status, tables_->options.path.string());
  return {};
}

}  // namespace server
