#include "tools/bench/measure.h"

#include "events/base/check.h"

#include <fcntl.h>
#include <rocksdb/db.h>
#include <rocksdb/write_batch.h>
#include <unistd.h>

#include <array>
#include <ctime>
#include <utility>

namespace bench {
namespace {

double seconds_of(clockid_t clock) {
  timespec time{};
  CHECK(clock_gettime(clock, &time) == 0, "both clocks exist on Linux");
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

double wall_seconds() { return seconds_of(CLOCK_MONOTONIC); }
double thread_cpu_seconds() { return seconds_of(CLOCK_THREAD_CPUTIME_ID); }

std::vector<double> time_fdatasync(const std::filesystem::path& directory, std::size_t count) {
  const std::filesystem::path path = directory / "fdatasync";
  const int file = open(path.c_str(), O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0600);
  CHECK(file >= 0, "the scratch directory can be written");
  const std::array<char, 4096> page{};
  std::vector<double> times;
  for (std::size_t index = 0; index < count; ++index) {
    const ssize_t written = write(file, page.data(), page.size());
    CHECK(written == static_cast<ssize_t>(page.size()), "the scratch disk has room");
    const double start = wall_seconds();
    CHECK(fdatasync(file) == 0, "the scratch disk works");
    times.push_back(wall_seconds() - start);
  }
  close(file);
  std::filesystem::remove(path);
  return times;
}

std::unique_ptr<server::RocksEventLog> open_scratch_log(const std::filesystem::path& path) {
  server::LogOptions options;
  options.path = path;
  options.create_if_missing = true;
  options.log = events::LogId{1};
  options.epoch = events::Epoch{1};
  auto log = server::RocksEventLog::open(options);
  CHECK(log, "the scratch disk works");
  return std::move(*log);
}

struct PlainStore::Database {
  std::unique_ptr<rocksdb::DB> db;
};

PlainStore::PlainStore(const std::filesystem::path& path)
    : database_(std::make_unique<Database>()) {
  rocksdb::Options options;
  options.create_if_missing = true;
  rocksdb::DB* db = nullptr;
  CHECK(rocksdb::DB::Open(options, path.string(), &db).ok(), "the scratch disk works");
  database_->db.reset(db);
}

PlainStore::~PlainStore() = default;

void PlainStore::append(const std::vector<events::Bytes>& rows) {
  rocksdb::WriteBatch batch;
  for (const events::Bytes& row : rows) {
    std::array<char, 8> key{};
    for (std::size_t index = 0; index < 8; ++index) {
      key[index] = static_cast<char>(next_ >> (8 * (7 - index)));
    }
    ++next_;
    batch.Put({key.data(), key.size()}, {reinterpret_cast<const char*>(row.data()), row.size()});
  }
  rocksdb::WriteOptions synced;
  synced.sync = true;
  CHECK(database_->db->Write(synced, &batch).ok(), "the scratch disk works");
}

}  // namespace bench
