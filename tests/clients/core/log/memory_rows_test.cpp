#include "clients/core/log/memory_rows.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace clients {
namespace {

std::vector<std::string> keys_of(const MemoryRows& rows, const std::string& prefix) {
  std::vector<std::string> keys;
  EXPECT_TRUE(rows.each(prefix, [&](std::string_view key, events::ByteView) {
    keys.emplace_back(key);
    return events::Result<void>();
  }));
  return keys;
}

TEST(MemoryRows, AreReadInTheOrderOfTheirKeysAndByPrefix) {
  MemoryRows rows;
  RowBatch batch;
  for (const char* key : {"b2", "a", "b1", "c"}) batch.put(key, std::string_view(key));
  ASSERT_TRUE(rows.write(batch));
  EXPECT_EQ(keys_of(rows, "b"), (std::vector<std::string>{"b1", "b2"}));
  EXPECT_EQ(**rows.get("a"), "a");
  EXPECT_FALSE(*rows.get("b"));
}

// A range leaves its end, so that the rows of the next kind stay.
TEST(MemoryRows, ARangeEndsBeforeItsEnd) {
  MemoryRows rows;
  RowBatch batch;
  for (const char* key : {"a", "b1", "b2", "c"}) batch.put(key, std::string_view());
  batch.erase_range("b", "c");
  batch.put("b3", std::string_view("put behind the range"));
  ASSERT_TRUE(rows.write(batch));
  EXPECT_EQ(keys_of(rows, ""), (std::vector<std::string>{"a", "b3", "c"}));
}

// The page writes what it is given here and nothing else: played on another disk, it gives the
// same.
TEST(MemoryRows, ChangesPlayedAgainGiveTheSameRows) {
  MemoryRows rows;
  rows.load("a", "was there");
  RowBatch batch;
  batch.put("b", std::string_view("1"));
  batch.erase("a");
  batch.put("b", std::string_view("2"));
  ASSERT_TRUE(rows.write(batch));
  const std::vector<RowChange> changes = rows.take_changes();
  EXPECT_EQ(changes.size(), 3U) << "what was loaded is on the disk already";
  EXPECT_TRUE(rows.take_changes().empty()) << "each change is given once";

  MemoryRows other;
  other.load("a", "was there");
  RowBatch again;
  for (const RowChange& change : changes) {
    if (change.kind == RowChange::Kind::put) again.put(change.key, std::string_view(change.value));
    if (change.kind == RowChange::Kind::erase) again.erase(change.key);
  }
  ASSERT_TRUE(other.write(again));
  EXPECT_EQ(keys_of(other, ""), keys_of(rows, ""));
  EXPECT_EQ(**other.get("b"), "2");
}

}  // namespace
}  // namespace clients
