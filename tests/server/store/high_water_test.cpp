#include "server/store/high_water.h"

#include "events/log/merkle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <system_error>

namespace server {
namespace {

namespace fs = std::filesystem;

class HighWaterTest : public testing::Test {
 protected:
  HighWaterTest() {
    std::string name = (fs::temp_directory_path() / "khuyenhoc-mark-XXXXXX").string();
    if (::mkdtemp(name.data()) != nullptr) root_ = name;
    path = HighWater::path_for(root_ / "log");
  }
  ~HighWaterTest() override {
    std::error_code ignored;
    fs::remove_all(root_, ignored);
  }

  static events::LogHead head_at(std::uint64_t position) {
    return {events::LogId{7}, events::Epoch{2}, events::Position{position},
            events::leaf_hash(events::bytes_of(std::to_string(position)))};
  }

  std::string bytes() const {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  void set_bytes(const std::string& text) const { std::ofstream(path, std::ios::binary) << text; }

  fs::path root_;
  fs::path path;
};

// The mark of an earlier append would let an older copy of the database pass.
TEST_F(HighWaterTest, KeepsTheNewestMark) {
  {
    auto mark = HighWater::open(path, head_at(0), false);
    ASSERT_TRUE(mark);
    for (std::uint64_t position = 1; position <= 5; ++position) {
      ASSERT_TRUE((*mark)->raise(head_at(position)));
      EXPECT_EQ(*HighWater::read(path), head_at(position));
    }
  }
  auto reopened = HighWater::open(path, head_at(1), false);
  ASSERT_TRUE(reopened);
  EXPECT_EQ(*HighWater::read(path), head_at(5));
  ASSERT_TRUE((*reopened)->raise(head_at(6)));
  EXPECT_EQ(*HighWater::read(path), head_at(6));
}

// A power cut in the middle of a write would leave no mark at all, and the log shut.
TEST_F(HighWaterTest, SurvivesEveryTornWrite) {
  auto mark = HighWater::open(path, head_at(1), false);
  ASSERT_TRUE(mark);
  std::uint64_t durable = 1;
  for (std::uint64_t position = 2; position <= 12; ++position) {
    SCOPED_TRACE(position);
    const std::string before = bytes();
    ASSERT_TRUE((*mark)->raise(head_at(position)));
    const std::string after = bytes();
    const auto start =
        static_cast<std::size_t>(std::ranges::mismatch(before, after).in1 - before.begin());
    for (std::size_t written = start; written <= start + 96; written += 3) {
      set_bytes(after.substr(0, written) + before.substr(written));
      const auto read = HighWater::read(path);
      ASSERT_TRUE(read) << written;
      ASSERT_GE(read->position.value, durable) << written;
    }
    set_bytes(after);
    if (position % 3 == 0) {
      ASSERT_TRUE((*mark)->sync());
      durable = position;
    }
  }
}

// A damaged mark would be taken for "nothing was promised".
TEST_F(HighWaterTest, RefusesAFileWithoutAWholeSlot) {
  const auto missing = HighWater::read(path);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, events::ErrorCode::not_found);
  for (const std::string& text :
       {std::string(), std::string(12'288, '\0'), std::string("khhighw1")}) {
    set_bytes(text);
    const auto read = HighWater::read(path);
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, events::ErrorCode::storage_corrupt);
    EXPECT_FALSE(HighWater::open(path, head_at(1), false));
  }
  ASSERT_TRUE(HighWater::open(path, head_at(3), true));
  EXPECT_EQ(*HighWater::read(path), head_at(3));
}

// A server after an upgrade could not read the mark that the one before it left.
TEST_F(HighWaterTest, StoredFormNeverChanges) {
  ASSERT_TRUE(HighWater::open(path, {events::LogId{7}, events::Epoch{2}, events::Position{300}, {}},
                              false));
  const std::string text = bytes();
  ASSERT_EQ(text.size(), 12'288U);
  EXPECT_EQ(events::to_hex(events::bytes_of(text.substr(0, 96))),
            "6b68686967687731"
            "0000000000000001"
            "00000007"
            "00000002"
            "000000000000012c" +
                std::string(64, '0') +
                "f63b92758dc4910c16a936bc3bed43451734814ed3fc839344a307851e095202");
}

}  // namespace
}  // namespace server
