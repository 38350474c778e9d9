#include "clients/core/log/offline_log.h"

#include "clients/core/log/memory_store.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using namespace events;
using clients::OfflineLog;
using clients::OwnEntry;

constexpr std::uint64_t everything = ~std::uint64_t{0};

clients::Identity an_identity() {
  clients::Identity identity;
  identity.seed.bytes.fill(7);
  identity.log = test_support::a_log;
  identity.chain = test_support::a_chain;
  return identity;
}

/// A store whose own log holds `count` registrations, those from `second_scope_from` on of another
/// commune.
clients::MemoryStore a_store(std::size_t count, std::size_t second_scope_from = ~std::size_t{0}) {
  clients::MemoryStore store;
  clients::StoreChange change;
  change.identity = an_identity();
  change.own_first_seq = 1;
  for (const Bytes& canonical : test_support::some_events(count)) {
    const bool second = change.own.size() + 1 >= second_scope_from;
    change.own.push_back({canonical,
                          ScopeSet(second ? test_support::hamlet : test_support::commune),
                          content_checked});
  }
  EXPECT_TRUE(store.commit(change));
  return store;
}

std::vector<std::uint64_t> ends_of(const std::vector<DeviceBlock>& blocks) {
  std::vector<std::uint64_t> ends;
  for (const DeviceBlock& block : blocks) ends.push_back(block.last_seq());
  return ends;
}

TEST(OfflineLog, CutsAtAHundredEventsAndWhereTheScopeChanges) {
  const clients::MemoryStore store = a_store(150, 121);
  const Result<OfflineLog> log = OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  std::vector<std::uint64_t> cuts;
  const std::vector<DeviceBlock> blocks = log->cut(1, everything, 10, &cuts).value();
  EXPECT_EQ(ends_of(blocks), (std::vector<std::uint64_t>{100, 120, 150}));
  EXPECT_EQ(cuts, (std::vector<std::uint64_t>{100, 120, 150}));
}

TEST(OfflineLog, EveryBlockVerifiesUnderTheDevicesKeyAndFollowsTheOneBefore) {
  const clients::MemoryStore store = a_store(150);
  const Result<OfflineLog> log = OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  const Result<VerifyingKey> key = VerifyingKey::load(test_support::a_key().public_key());
  ASSERT_TRUE(key);
  std::vector<std::uint64_t> cuts;
  const std::vector<DeviceBlock> blocks = log->cut(1, everything, 10, &cuts).value();
  for (const DeviceBlock& block : blocks) {
    EXPECT_TRUE(verify_device_block(block, *key));
    EXPECT_EQ(block.previous, log->hash_at(block.first_seq - 1));
  }
}

// A server that saw the first block once must see the same block again, whatever was typed since.
TEST(OfflineLog, BlocksOnceCutStayCutTheSameAfterARestart) {
  clients::MemoryStore store = a_store(30);
  Result<OfflineLog> log = OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  std::vector<std::uint64_t> cuts;
  const std::vector<DeviceBlock> first = log->cut(1, everything, 10, &cuts).value();
  clients::StoreChange change;
  change.cuts = cuts;
  change.own_first_seq = 31;
  for (const Bytes& canonical : test_support::some_events(20, 31)) {
    change.own.push_back({canonical, ScopeSet(test_support::commune), content_checked});
  }
  ASSERT_TRUE(store.commit(change));

  log = OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  cuts.clear();
  const std::vector<DeviceBlock> again = log->cut(1, everything, 10, &cuts).value();
  EXPECT_EQ(ends_of(again), (std::vector<std::uint64_t>{30, 50}));
  EXPECT_EQ(cuts, (std::vector<std::uint64_t>{50}));
  EXPECT_EQ(encode_device_block(again.front()), encode_device_block(first.front()));
}

TEST(OfflineLog, SkipsAPrefixThatTheServerHolds) {
  const clients::MemoryStore store = a_store(30);
  const Result<OfflineLog> log = OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  std::vector<std::uint64_t> cuts;
  const std::vector<DeviceBlock> blocks = log->cut(11, everything, 10, &cuts).value();
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks.front().first_seq, 11U);
  EXPECT_EQ(blocks.front().previous, log->hash_at(10));
}

TEST(OfflineLog, TakesReceiptsOnlyInOrderAndOnlyOnce) {
  const clients::MemoryStore store = a_store(4);
  Result<OfflineLog> log = OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  BlockReceipt first;
  first.epoch = Epoch{1};
  first.first = Position{10};
  first.first_seq = 1;
  first.entries.resize(2);
  BlockReceipt second = first;
  second.first = Position{20};
  second.first_seq = 3;

  EXPECT_EQ(log->new_receipts(std::vector{second}).error().code, ErrorCode::gap);
  const auto both = log->new_receipts(std::vector{first, second});
  ASSERT_TRUE(both);
  for (const BlockReceipt& receipt : *both) log->take_receipt(receipt);
  EXPECT_EQ(log->verdicts_known(), 4U);
  EXPECT_EQ(log->stored(4)->position, Position{21});
  EXPECT_TRUE(log->new_receipts(std::vector{first, second})->empty());

  BlockReceipt other = first;
  other.first = Position{11};
  EXPECT_EQ(log->new_receipts(std::vector{other}).error().code, ErrorCode::malformed);
  BlockReceipt invented = first;
  invented.first_seq = 5;
  EXPECT_EQ(log->new_receipts(std::vector{invented}).error().code, ErrorCode::malformed);
}

TEST(OfflineLog, RefusesAStoreWhoseChainHasAHole) {
  clients::MemoryStore store;
  clients::StoreChange change;
  change.identity = an_identity();
  change.own_first_seq = 1;
  for (const Bytes& canonical : test_support::some_events(2, 2)) {
    change.own.push_back({canonical, ScopeSet(test_support::commune), content_checked});
  }
  ASSERT_TRUE(store.commit(change));
  const Result<OfflineLog> log = OfflineLog::load(store, an_identity());
  ASSERT_FALSE(log);
  EXPECT_EQ(log.error().code, ErrorCode::storage_corrupt);
}

// What lies behind an event that cannot be sent stays, and nothing of it counts as sent.
TEST(OfflineLog, CutsNoFurtherThanItIsTold) {
  const clients::MemoryStore store = a_store(10);
  const auto log = clients::OfflineLog::load(store, an_identity());
  ASSERT_TRUE(log);
  std::vector<std::uint64_t> cuts;
  const std::vector<DeviceBlock> blocks = log->cut(1, 4, 10, &cuts).value();
  EXPECT_EQ(ends_of(blocks), std::vector<std::uint64_t>{4});
  EXPECT_EQ(cuts, std::vector<std::uint64_t>{4});
  EXPECT_TRUE(log->cut(5, 4, 10, &cuts)->empty());
}

}  // namespace
}  // namespace clients_test
