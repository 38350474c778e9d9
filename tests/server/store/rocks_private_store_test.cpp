#include "server/store/rocks_private_store.h"

#include "events/log/private_record.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

namespace server {
namespace {

namespace fs = std::filesystem;

class PrivateStoreTest : public testing::Test {
 protected:
  PrivateStoreTest() {
    std::string name = (fs::temp_directory_path() / "khuyenhoc-private-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) root_ = name;
    options_.path = root_ / "private";
    options_.create_if_missing = true;
    reopen();
  }
  ~PrivateStoreTest() override {
    store.reset();
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  void reopen() {
    store.reset();
    auto opened = RocksPrivateStore::open(options_);
    ASSERT_TRUE(opened) << opened.error().message;
    store = std::move(*opened);
  }

  /// Whether any file of the database holds `text`.
  bool on_disk(const std::string& text) const {
    for (const auto& entry : fs::directory_iterator(options_.path)) {
      std::ifstream stream(entry.path(), std::ios::binary);
      const std::string bytes{std::istreambuf_iterator<char>(stream), {}};
      if (bytes.find(text) != std::string::npos) return true;
    }
    return false;
  }

  fs::path root_;
  RocksPrivateStore::Options options_;
  std::unique_ptr<RocksPrivateStore> store;
};

events::PrivateRecord a_person(const std::string& name, std::uint8_t salt) {
  std::array<std::uint8_t, 16> salts{};
  salts.fill(salt);
  events::PersonRecord person;
  person.full_name = name;
  return events::make_private_record(salts, person);
}

// An officer would open a dossier and see nobody's name.
TEST_F(PrivateStoreTest, GivesBackWhatWasPut) {
  const std::vector<events::PrivateRecord> records = {a_person("Nguyễn Thị Sáu", 1),
                                                      a_person("Trần Văn Ơn", 2)};
  ASSERT_TRUE(store->put(records));
  reopen();
  for (const events::PrivateRecord& record : records) {
    const auto found = store->get(record.digest());
    ASSERT_TRUE(found && *found);
    EXPECT_EQ(**found, record);
    EXPECT_TRUE(*store->contains(record.digest()));
  }
  const events::Digest unknown = a_person("Lê Lợi", 3).digest();
  EXPECT_FALSE(*store->get(unknown));
  EXPECT_FALSE(*store->contains(unknown));
}

// A citizen's request to be forgotten would be answered with a lie.
TEST_F(PrivateStoreTest, ErasedBytesLeaveEveryFile) {
  const std::string name = "Võ Thị Sáu của ấp Phước Hòa";
  std::vector<events::PrivateRecord> records = {a_person(name, 1)};
  for (int other = 0; other < 50; ++other) {
    records.push_back(a_person("Người " + std::to_string(other), 9));
  }
  for (const bool after_reopening : {false, true}) {
    SCOPED_TRACE(after_reopening);
    ASSERT_TRUE(store->put(records));
    if (after_reopening) reopen();  // From the write-ahead log into a table.
    ASSERT_TRUE(on_disk(name));
    ASSERT_TRUE(store->erase(records[0].digest()));
    EXPECT_FALSE(*store->contains(records[0].digest()));
    // Files that nobody needs any more are removed by a thread of the database.
    for (int wait = 0; wait < 100 && on_disk(name); ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    EXPECT_FALSE(on_disk(name));
    EXPECT_TRUE(*store->contains(records[1].digest()));
  }
  EXPECT_TRUE(store->erase(records[0].digest()));  // Asked twice, answered twice.
}

// A full disk would stop the store for good instead of until there is room.
TEST_F(PrivateStoreTest, GoesOnWhenTheDiskHasRoomAgain) {
  std::uint64_t available = 0;
  options_.disk_floor.free_bytes = [&available] { return available; };
  reopen();
  const std::vector<events::PrivateRecord> records = {a_person("Nguyễn Thị Sáu", 1)};
  EXPECT_FALSE(store->put(records));
  EXPECT_TRUE(store->healthy());
  available = std::uint64_t{1} << 30U;
  EXPECT_TRUE(store->put(records));
}

}  // namespace
}  // namespace server
