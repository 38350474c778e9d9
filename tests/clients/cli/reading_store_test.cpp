#include "clients/cli/home_folder.h"
#include "clients/cli/rocksdb_store.h"
#include "tests/clients/cli/scratch_home.h"
#include "tests/support/event_builders.h"
#include "tests/support/small_disk.h"

#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>

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
  std::thread writing([&] {
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
