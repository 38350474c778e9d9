#include "clients/device/home_folder.h"
#include "clients/device/rocksdb_opening.h"
#include "clients/device/rocksdb_store.h"
#include "tests/clients/cli/scratch_home.h"
#include "tests/support/event_builders.h"
#include "tests/support/small_disk.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <rocksdb/db.h>
#include <rocksdb/options.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <utility>

namespace clients_test {
namespace {

using clients::RocksdbStore;
using clients::StoreChange;
using events::ErrorCode;
using events::Position;
namespace fs = std::filesystem;

StoreChange first_change() {
  StoreChange change;
  change.identity.emplace();
  change.identity->seed.bytes.fill(7);
  change.identity->log = test_support::a_log;
  change.identity->chain = test_support::a_chain;
  change.settings = {{"server", "ws://127.0.0.1:8470"}};
  return change;
}

std::map<fs::path, fs::file_time_type> files_in(const fs::path& folder) {
  std::map<fs::path, fs::file_time_type> files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    files.emplace(entry.path(), entry.last_write_time());
  }
  return files;
}

// An officer looks at names three hundred times a season, often on a tablet that is full: looking
// must leave nothing behind, and must not ask the disk for anything.
TEST(ReadingStore, LeavesTheHomeAsItIs) {
  const ScratchHome folder;
  ASSERT_TRUE((*RocksdbStore::open(folder.home(), true))->commit(first_change()));
  // The first reader finds what the writer has left of its log, as every later one does.
  const auto before = files_in(folder.home());
  const test_support::SmallDisk full(0);
  for (int time = 0; time < 50; ++time) {
    const auto store = RocksdbStore::open_to_read(folder.home());
    ASSERT_TRUE(store) << store.error().message;
    EXPECT_EQ((*store)->setting("server")->value(), "ws://127.0.0.1:8470");
    EXPECT_EQ((*store)->identity()->value().chain, test_support::a_chain);
    const auto written = (*store)->commit(first_change());
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::device_storage);
  }
  EXPECT_TRUE(files_in(folder.home()) == before);
}

// `watch` stays for hours; whoever looks at the list of people meanwhile must see it.
TEST(ReadingStore, ReadsBesideAWriterWithoutHoles) {
  const ScratchHome folder;
  auto writer = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->commit(first_change()));
  std::atomic<bool> is_done{false};
  std::jthread writing([&] {
    // Many times what the database keeps in memory, so that files come and go beside the readers.
    for (std::uint64_t block = 1; block <= 300; ++block) {
      StoreChange change;
      change.foreign.push_back({Position{block}, events::Bytes(100'000, 'x')});
      if (!(*writer)->commit(change)) break;
    }
    is_done = true;
  });
  std::uint64_t seen = 0;
  int looks = 0;
  while (!is_done) {
    const auto reader = RocksdbStore::open_to_read(folder.home());
    if (!reader && reader.error().code == ErrorCode::busy) continue;
    ASSERT_TRUE(reader) << reader.error().message;
    const auto blocks = (*reader)->foreign_blocks();
    ASSERT_TRUE(blocks) << blocks.error().message;
    for (std::size_t index = 0; index < blocks->size(); ++index) {
      ASSERT_EQ((*blocks)[index].first, Position{index + 1}) << "a hole";
    }
    EXPECT_GE(blocks->size(), seen) << "what was there stays";
    seen = blocks->size();
    ++looks;
  }
  writing.join();
  EXPECT_GE(looks, 1);
  EXPECT_EQ((*RocksdbStore::open_to_read(folder.home()))->foreign_blocks()->size(), 300U);
}

/// Stands in the place of CURRENT, which names the database's list of files: what a reader hears
/// there is the test's to say.
class SpokenCurrent {
 public:
  /// `name_of`: what the first, second, … reading hears.
  SpokenCurrent(const fs::path& store, std::function<std::string(int)> name_of)
      : path_(store / "CURRENT"), next_(store / "next"), name_of_(std::move(name_of)) {
    make_pipe();
    thread_ = std::jthread([this] { speak(); });
  }
  SpokenCurrent(const SpokenCurrent&) = delete;
  SpokenCurrent& operator=(const SpokenCurrent&) = delete;
  ~SpokenCurrent() {
    is_over_ = true;
    const int last = ::open(path_.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    thread_.join();
    ::close(last);
  }
  int readings() const { return readings_; }

 private:
  void make_pipe() {
    EXPECT_EQ(::mkfifo(next_.c_str(), 0600), 0);
    fs::rename(next_, path_);
  }
  void speak() {
    for (;;) {
      const int pipe = ::open(path_.c_str(), O_WRONLY | O_CLOEXEC);  // Until somebody reads.
      if (!is_over_) {
        make_pipe();  // The next one has a pipe of its own.
        const std::string text = name_of_(++readings_) + "\n";
        EXPECT_EQ(::write(pipe, text.data(), text.size()), static_cast<ssize_t>(text.size()));
      }
      ::close(pipe);
      if (is_over_) return;
    }
  }

  fs::path path_;
  fs::path next_;
  std::function<std::string(int)> name_of_;
  std::atomic<bool> is_over_{false};
  std::atomic<int> readings_{0};
  std::jthread thread_;
};

/// The address of the server as it stands in a database; empty where it does not.
std::string server_in(rocksdb::DB& database) {
  std::string server;
  return database.Get(rocksdb::ReadOptions(), "sserver", &server).ok() ? server : std::string();
}

std::string current_in(const fs::path& store) {
  std::string name;
  std::ifstream file(store / "CURRENT");
  std::getline(file, name);
  return name;
}

// While a reader opened the files that were listed, the writer moved what was in them elsewhere:
// the reader had an empty device in its hands.
TEST(ReadingStore, LooksAgainWhenTheListOfFilesWasReplacedMeanwhile) {
  const ScratchHome folder;
  const fs::path store = clients::store_folder(folder.home());
  ASSERT_TRUE((*RocksdbStore::open(folder.home(), true))->commit(first_change()));
  const std::string before = current_in(store);
  fs::copy_file(store / before, folder.path() / "list");
  ASSERT_TRUE(RocksdbStore::open(folder.home(), false)) << "puts the rows into a table";
  const std::string now = current_in(store);
  ASSERT_NE(now, before);
  fs::copy_file(folder.path() / "list", store / before);

  int whole = 0;
  {
    const SpokenCurrent current(store, [&](int) { return before; });
    const auto old = clients::open_beside_a_writer(store);
    ASSERT_TRUE(old) << old.error().message;
    ASSERT_EQ(server_in(**old), "") << "the rows are elsewhere";
    whole = current.readings();
  }
  const SpokenCurrent current(store, [&](int reading) { return reading < whole ? before : now; });
  const auto reader = clients::open_beside_a_writer(store);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(server_in(**reader), "ws://127.0.0.1:8470");
}

TEST(ReadingStore, LooksAgainWhenAListedFileIsGoneAndTheListIsAnother) {
  const ScratchHome folder;
  const fs::path store = clients::store_folder(folder.home());
  ASSERT_TRUE((*RocksdbStore::open(folder.home(), true))->commit(first_change()));
  const std::string now = current_in(store);
  const std::string gone = "MANIFEST-999999";
  int whole = 0;
  {
    const SpokenCurrent current(store, [&](int) { return gone; });
    EXPECT_FALSE(clients::open_beside_a_writer(store)) << "a list that stays is the truth";
    whole = current.readings() / 2;  // It is tried twice.
  }
  const SpokenCurrent current(store, [&](int reading) { return reading < whole ? gone : now; });
  const auto reader = clients::open_beside_a_writer(store);
  ASSERT_TRUE(reader) << reader.error().message;
  EXPECT_EQ(server_in(**reader), "ws://127.0.0.1:8470");
}

// A list of people that is on the screen for an hour is read on from files that were dropped.
TEST(ReadingStore, KeepsAllFilesThatItOpened) {
  constexpr int tables = 30;  // More than the database opens of itself.
  const ScratchHome folder;
  const fs::path store = clients::store_folder(folder.home());
  ASSERT_TRUE((*RocksdbStore::open(folder.home(), true))->commit(first_change()));
  {
    rocksdb::Options options;
    options.disable_auto_compactions = true;
    rocksdb::DB* opened = nullptr;
    ASSERT_TRUE(rocksdb::DB::Open(options, store.string(), &opened).ok());
    const std::unique_ptr<rocksdb::DB> database(opened);
    for (int table = 1; table <= tables; ++table) {
      const std::string row = std::string("f") + std::string(7, '\0') + static_cast<char>(table);
      ASSERT_TRUE(database->Put(rocksdb::WriteOptions(), row, "a block").ok());
      ASSERT_TRUE(database->Flush(rocksdb::FlushOptions()).ok());
    }
  }
  const auto reader = RocksdbStore::open_to_read(folder.home());
  ASSERT_TRUE(reader) << reader.error().message;
  for (const auto& [path, time] : files_in(store)) {
    if (path.extension() == ".sst") fs::remove(path);
  }
  const auto blocks = (*reader)->foreign_blocks();
  ASSERT_TRUE(blocks) << blocks.error().message;
  EXPECT_EQ(blocks->size(), std::size_t{tables});
}

// "Máy chủ không ghi được" was said of the officer's own full tablet.
TEST(ReadingStore, AFullDiskIsTheDevices) {
  const ScratchHome folder;
  auto writer = RocksdbStore::open(folder.home(), true);
  ASSERT_TRUE(writer);
  ASSERT_TRUE((*writer)->commit(first_change()));
  {
    const test_support::SmallDisk full(0);
    StoreChange change;
    change.settings = {{"server", "elsewhere"}};
    const auto written = (*writer)->commit(change);
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().code, ErrorCode::device_storage) << written.error().message;
  }
  EXPECT_EQ((*RocksdbStore::open_to_read(folder.home()))->setting("server")->value(),
            "ws://127.0.0.1:8470");
}

TEST(HomeFolder, IsToldFromAFileAndFromNothing) {
  const ScratchHome folder;
  EXPECT_EQ(clients::check_home(folder.home()).error().code, ErrorCode::not_found);
  fs::create_directories(folder.home());
  EXPECT_EQ(clients::check_home(folder.home()).error().code, ErrorCode::not_enrolled);
  const fs::path file = folder.path() / "file";
  std::ofstream(file) << "x";
  EXPECT_EQ(clients::check_home(file).error().code, ErrorCode::invalid_argument);
  EXPECT_EQ(clients::make_home(file).error().code, ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace clients_test
