#include "projections/state/shared_map.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <utility>
#include <vector>

namespace projections {
namespace {

using Small = SharedMap<int, int, 4>;  // Leaves of four entries split and vanish often.

std::vector<std::pair<int, int>> entries(const Small& map) {
  std::vector<std::pair<int, int>> all;
  map.for_each([&](int key, int value) { all.emplace_back(key, value); });
  return all;
}

std::vector<std::pair<int, int>> entries(const std::map<int, int>& map) {
  return {map.begin(), map.end()};
}

void expect_same_neighbours(const Small& map, const std::map<int, int>& model, int key) {
  const auto at = model.lower_bound(key);
  const Small::Entry* const after = map.at_or_after(key);
  ASSERT_EQ(after != nullptr, at != model.end());
  if (after != nullptr) {
    EXPECT_EQ(after->key, at->first);
  }
  const auto behind = model.upper_bound(key);
  const Small::Entry* const next = map.after(key);
  ASSERT_EQ(next != nullptr, behind != model.end());
  if (next != nullptr) {
    EXPECT_EQ(next->key, behind->first);
  }
  const Small::Entry* const before = map.last_before(key);
  ASSERT_EQ(before != nullptr, at != model.begin());
  if (before != nullptr) {
    EXPECT_EQ(before->key, std::prev(at)->first);
  }
  EXPECT_EQ(map.contains(key), model.contains(key));
}

TEST(SharedMap, IsAMapAndItsCopiesStayAsTheyWere) {
  std::mt19937 random(2026);
  const auto below = [&](unsigned bound) { return static_cast<int>(random() % bound); };
  for (int round = 0; round < 50; ++round) {
    Small map;
    std::map<int, int> model;
    std::vector<std::pair<Small, std::map<int, int>>> copies;
    for (int step = 0; step < 400; ++step) {
      const int key = below(90);
      const int value = below(1'000);
      switch (below(6)) {
        case 0:
        case 1:
          EXPECT_EQ(map.insert(key, value), model.emplace(key, value).second);
          break;
        case 2:
          map.set(key, value);
          model[key] = value;
          break;
        case 3:
          EXPECT_EQ(map.erase(key), model.erase(key) == 1);
          break;
        case 4:
          if (int* const there = map.edit(key)) *there = model.at(key) = value;
          break;
        default:
          if (below(8) == 0) copies.emplace_back(map, model);
      }
      EXPECT_EQ(map.size(), model.size());
      expect_same_neighbours(map, model, below(90));
    }
    EXPECT_EQ(entries(map), entries(model));
    for (const auto& [copy, then] : copies) EXPECT_EQ(entries(copy), entries(then));
  }
}

TEST(SharedMap, ThatLostAllEntriesIsAsNew) {
  SharedMap<std::uint64_t, int> map;
  for (std::uint64_t key = 0; key < 1'000; ++key) EXPECT_TRUE(map.insert(key * 7 % 1'000));
  EXPECT_FALSE(map.insert(5));
  EXPECT_EQ(map.size(), 1'000U);
  EXPECT_EQ(map.first()->key, 0U);
  for (std::uint64_t key = 0; key < 1'000; ++key) EXPECT_TRUE(map.erase(key));
  EXPECT_EQ(map.size(), 0U);
  EXPECT_EQ(map.first(), nullptr);
  EXPECT_EQ(map.at_or_after(0), nullptr);
  EXPECT_EQ(map.last_before(9), nullptr);
  EXPECT_EQ(map.after(9), nullptr);
  EXPECT_TRUE(map.insert(3));
}

}  // namespace
}  // namespace projections
