#include "server/store/readable_records.h"

#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace server {
namespace {

namespace fs = std::filesystem;

/// Flips a bit in the middle of each table of the database.
void damage(const fs::path& database) {
  for (const auto& entry : fs::directory_iterator(database)) {
    if (entry.path().extension() != ".sst") continue;
    std::fstream file(entry.path(), std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(20);
    const char byte = static_cast<char>(file.get());
    file.seekp(20);
    file.put(static_cast<char>(byte ^ 1));
  }
}

// One bad byte in private/ ended every pull that came to it: second devices of three communes were
// stuck, and the server said nothing.
TEST(ReadableRecords, ADamagedRecordIsLikeAnErasedOneAndComesBack) {
  std::string name = (fs::temp_directory_path() / "khuyenhoc-readable-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  RocksPrivateStore::Options options;
  options.path = fs::path(name) / "private";
  options.create_if_missing = true;
  const auto record = test_support::a_private_record(test_support::a_person_record(), 1);
  {
    auto store = RocksPrivateStore::open(options);
    ASSERT_TRUE(store);
    ASSERT_TRUE((*store)->put({&record, 1}));
  }
  { ASSERT_TRUE(RocksPrivateStore::open(options)); }  // The write-ahead log becomes a table.
  damage(options.path);
  auto store = RocksPrivateStore::open(options);
  ASSERT_TRUE(store) << store.error().message;
  ASSERT_FALSE((*store)->get(record.digest())) << "the store itself says that it is damaged";

  ReadableRecords records(**store);
  for (int reader = 0; reader < 3; ++reader) {
    const auto found = records.get(record.digest());
    ASSERT_TRUE(found) << found.error().message;
    EXPECT_FALSE(*found);
  }
  EXPECT_FALSE(*records.contains(record.digest())) << "who has it may give it back";
  EXPECT_EQ(records.damaged(), 1U);
  ASSERT_TRUE(records.put({&record, 1}));
  EXPECT_EQ(**records.get(record.digest()), record);
  store->reset();
  std::error_code ignored;
  fs::remove_all(name, ignored);
}

}  // namespace
}  // namespace server
