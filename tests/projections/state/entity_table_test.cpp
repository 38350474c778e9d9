#include "projections/state/entity_table.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace projections {
namespace {

struct Item {
  std::uint64_t id{};
  std::uint32_t value{};

  std::uint64_t key() const { return id; }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(id, value);
  }
};

std::vector<std::uint64_t> keys_of(const EntityTable<Item>& table) {
  std::vector<std::uint64_t> keys;
  for (const Item& item : table) keys.push_back(item.id);
  return keys;
}

TEST(EntityTable, FindsWhatWasInsertedAndNothingElse) {
  EntityTable<Item> table;
  EXPECT_EQ(table.find(1), nullptr);
  table.insert({1, 10});
  ASSERT_NE(table.find(1), nullptr);
  EXPECT_EQ(table.find(1)->value, 10U);
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(2), nullptr);
}

// Events arrive twice: the first row of a key is the one that counts.
TEST(EntityTable, KeepsTheFirstRowOfAKey) {
  EntityTable<Item> table;
  table.insert({7, 1});
  EXPECT_EQ(table.insert({7, 2}).value, 1U);
  EXPECT_EQ(table.size(), 1U);
  table.insert({7, 3}).value = 4;
  EXPECT_EQ(table.find(7)->value, 4U);
}

// Ids are chain × 2^40 + seq; keys made to collide are an attack on the server's time.
TEST(EntityTable, FindsRowsWhoseKeysStartAtOneSlot) {
  EntityTable<Item> table;
  std::vector<std::uint64_t> colliding;
  const std::uint32_t slot = spread(1) >> 24U;
  for (std::uint64_t key = 1; colliding.size() < 100; ++key) {
    if (spread(key) >> 24U == slot) colliding.push_back(key);
  }
  for (const std::uint64_t key : colliding) table.insert({key, static_cast<std::uint32_t>(key)});
  for (const std::uint64_t key : colliding) {
    ASSERT_NE(table.find(key), nullptr);
    EXPECT_EQ(table.find(key)->value, static_cast<std::uint32_t>(key));
    EXPECT_EQ(table.find(key + (std::uint64_t{1} << 60U)), nullptr);
  }
}

TEST(EntityTable, AgreesWithAnOrdinaryMap) {
  std::mt19937_64 random(1);
  EntityTable<Item> table;
  std::map<std::uint64_t, std::uint32_t> map;
  for (int count = 0; count < 5'000; ++count) {
    const std::uint64_t key = (random() % 40 << 40U) | (random() % 300);
    const auto value = static_cast<std::uint32_t>(random());
    table.insert({key, value});
    map.emplace(key, value);
    if (count % 1'000 == 999) {
      table.filter([](const Item& item) { return item.id % 3 != 0; });
      std::erase_if(map, [](const auto& entry) { return entry.first % 3 == 0; });
    }
  }
  ASSERT_EQ(table.size(), map.size());
  for (const auto& [key, value] : map) {
    ASSERT_NE(table.find(key), nullptr);
    EXPECT_EQ(table.find(key)->value, value);
  }
}

// Equal prefixes must give equal bytes: order is that of insertion, whatever the hash does.
TEST(EntityTable, IteratesFiltersAndLoadsInOrderOfInsertion) {
  EntityTable<Item> table;
  for (const std::uint64_t key : {50ULL, 3ULL, 99ULL, 1ULL, 40ULL}) table.insert({key, 0});
  EXPECT_EQ(keys_of(table), (std::vector<std::uint64_t>{50, 3, 99, 1, 40}));
  table.filter([](const Item& item) { return item.id != 3; });
  EXPECT_EQ(keys_of(table), (std::vector<std::uint64_t>{50, 99, 1, 40}));
  EXPECT_EQ(table.find(3), nullptr);

  const events::Bytes bytes = events::encode(table);
  auto loaded = events::decode<EntityTable<Item>>(bytes);
  ASSERT_TRUE(loaded);
  EXPECT_EQ(keys_of(*loaded), keys_of(table));
  EXPECT_EQ(events::encode(*loaded), bytes);
  loaded->insert({3, 7});
  EXPECT_EQ(loaded->find(3)->value, 7U);
}

// Views and devices read a copy while the judge goes on.
TEST(EntityTable, CopiesGoTheirOwnWays) {
  EntityTable<Item> table;
  for (std::uint64_t key = 1; key <= 1'000; ++key) table.insert({key, 1});
  const EntityTable<Item> before = table;
  EntityTable<Item> branch = table;
  table.edit(500)->value = 2;
  for (std::uint64_t key = 1'001; key <= 3'000; ++key) table.insert({key, 2});
  branch.insert({5'000, 3});
  EXPECT_EQ(before.size(), 1'000U);
  EXPECT_EQ(before.find(500)->value, 1U);
  EXPECT_EQ(before.find(1'001), nullptr);
  EXPECT_EQ(table.find(500)->value, 2U);
  EXPECT_EQ(table.find(3'000)->value, 2U);
  EXPECT_EQ(table.find(5'000), nullptr);
  EXPECT_EQ(branch.find(500)->value, 1U);
  EXPECT_EQ(branch.find(5'000)->value, 3U);
  EXPECT_EQ(branch.find(1'001), nullptr);
}

// A row and its neighbours are shared until one is written: a copy of a province costs nothing.
TEST(EntityTable, ShareTheRowsThatNeitherCopyHasWritten) {
  EntityTable<Item> table;
  for (std::uint64_t key = 1; key <= 1'000; ++key) table.insert({key, 1});
  const EntityTable<Item> copy = table;
  EXPECT_EQ(copy.find(1), table.find(1));
  table.edit(1)->value = 2;
  EXPECT_NE(copy.find(1), table.find(1));
  EXPECT_EQ(copy.find(1'000), table.find(1'000));
}

TEST(EntityTable, LoadsAnEmptyTable) {
  const auto loaded = events::decode<EntityTable<Item>>(events::encode(EntityTable<Item>{}));
  ASSERT_TRUE(loaded);
  EXPECT_EQ(loaded->size(), 0U);
  EXPECT_EQ(loaded->find(1), nullptr);
}

// A count beyond the bytes that follow must be refused before memory is reserved for it.
TEST(EntityTable, RefusesACountThatTheBytesCannotHold) {
  const events::Bytes bytes = {0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 1, 1};
  EXPECT_FALSE(events::decode<EntityTable<Item>>(bytes));
}

}  // namespace
}  // namespace projections
