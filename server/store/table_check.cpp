#include "server/store/table_check.h"

#include "server/base/logging.h"
#include "server/store/rocks_error.h"

#include <rocksdb/convenience.h>
#include <rocksdb/options.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <exception>
#include <string>
#include <system_error>
#include <utility>

namespace server {

namespace fs = std::filesystem;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

using Clock = std::chrono::steady_clock;

constexpr int least_priority = 19;
constexpr std::size_t readahead_bytes = std::size_t{256} << 10U;

/// Errors: io_failed.
Result<std::vector<fs::path>> tables_in(const fs::path& database) {
  std::vector<fs::path> tables;
  std::error_code error;
  fs::directory_iterator each(database, error);
  for (; !error && each != fs::directory_iterator(); each.increment(error)) {
    if (each->path().extension() == ".sst") tables.push_back(each->path());
  }
  if (error) return Error{ErrorCode::io_failed, database.string() + ": " + error.message()};
  std::ranges::sort(tables);
  return tables;
}

/// Errors: storage_corrupt; storage_failed: the disk does not give it.
Result<void> check_table(const fs::path& table) {
  rocksdb::ReadOptions how;
  how.fill_cache = false;
  how.readahead_size = readahead_bytes;
  const rocksdb::Status status = rocksdb::VerifySstFileChecksum(
      rocksdb::Options(), rocksdb::EnvOptions(), how, table.string());
  if (status.ok()) return {};
  std::error_code unknown;
  // The database has put its rows into another one meanwhile, which reads and checks them.
  if (!fs::exists(table, unknown) && !unknown) return {};
  return error_of(status, table.string());
}

}  // namespace

TableCheck::TableCheck(std::vector<fs::path> databases) : databases_(std::move(databases)) {}
TableCheck::~TableCheck() { stop(); }

void TableCheck::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) {
    try {
      run(stop);
    } catch (const std::exception& exception) {  // Most likely for want of memory.
      log_error("table_check_broke", {{"error", exception.what()}});
    }
    const std::scoped_lock lock(mutex_);
    is_over_ = true;
  });
}

void TableCheck::stop() {
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
}

std::optional<Error> TableCheck::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

bool TableCheck::is_over() const {
  const std::scoped_lock lock(mutex_);
  return is_over_;
}

void TableCheck::run(const std::stop_token& stop) {
  // On Linux a thread has a priority of its own.
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), least_priority);
  for (const fs::path& database : databases_) {
    if (!check_database(database, stop)) return;
  }
  log_info("tables_checked", {{"tables", checked_}});
}

bool TableCheck::check_database(const fs::path& database, const std::stop_token& stop) {
  const Result<std::vector<fs::path>> tables = tables_in(database);
  if (!tables) {
    note(database, tables.error());
    return false;
  }
  for (const fs::path& table : *tables) {
    if (stop.stop_requested()) return false;
    const Clock::time_point begin = Clock::now();
    if (const Result<void> whole = check_table(table); !whole) {
      note(database, whole.error());
      return false;
    }
    ++checked_;
    if (!rest(Clock::now() - begin, stop)) return false;
  }
  return true;
}

bool TableCheck::rest(Clock::duration time, const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  stopping_.wait_for(lock, stop, time, [] { return false; });
  return !stop.stop_requested();
}

void TableCheck::note(const fs::path& database, const Error& why) {
  const std::string folder = database.filename().string() + "/";
  log_error("table_damaged", {{"folder", folder},
                              {"code", events::name_of(why.code)},
                              {"reason", why.message},
                              {"remedy", "restore; see docs/operations.md"}});
  const std::string what =
      why.code == ErrorCode::storage_corrupt ? " is damaged" : " is unreadable";
  const std::scoped_lock lock(mutex_);
  trouble_ = Error{why.code, "a table in " + folder + what +
                                 "; restore the data from a backup (docs/operations.md, Restore)"};
}

}  // namespace server
