#include "tests/server/repair/restored_log.h"

#include <gtest/gtest.h>

#include <functional>

namespace server::test {
namespace {

using events::ErrorCode;
using events::Position;
using events::StoredBlock;

/// A liar among the devices of a restored log: the deputy's.  It holds the whole log, so it can
/// make roots fit; the administrator's is honest.
struct LyingDevice : testing::Test {
  RestoredLog world;

  LyingDevice() {
    world.back_up();
    world.push_admin("Xã Pá Khoang");
    world.push_deputy("Xã Thanh Nưa");
    world.push_admin("Xã Thanh An");
    world.push_deputy("Xã Nà Nhạn");
    world.restore();
  }

  /// All lost blocks with one of them changed, and every root from there on made to fit.
  std::vector<StoredBlock> changed(std::size_t which,
                                   const std::function<void(StoredBlock&)>& change) const {
    std::vector<StoredBlock> blocks = world.lost_blocks();
    change(blocks.at(which));
    events::Frontier edge = world.log.frontier();
    for (StoredBlock& block : blocks) {
      fit_root(edge, block);
      extend(edge, block);
    }
    return blocks;
  }

  void lie(std::vector<StoredBlock> blocks) {
    const auto taken = world.give(world.deputy.device.chain(), std::move(blocks),
                                  {world.receipt(world.deputy.device)});
    ASSERT_TRUE(taken) << taken.error().message;
  }
  /// The honest device comes and has everything: the log must be as it was.
  void expect_repaired_by_the_honest() {
    const auto taken =
        world.give(admin_chain, world.lost_blocks(), {world.receipt(world.lost.admin)});
    ASSERT_TRUE(taken) << taken.error().message;
    EXPECT_TRUE(taken->complete);
    EXPECT_EQ(world.root_at_loss(), world.lost.log.head().root);
  }
  std::uint32_t false_blocks_of_the_liar() const {
    for (const RepairReport::Device& device : world.repair->report().devices) {
      if (device.chain == world.deputy.device.chain()) return device.false_blocks;
    }
    return 0;
  }
};

// Whoever may read the log could otherwise rewrite it on the day its server burns.
TEST_F(LyingDevice, CannotInsertAnEventThatNobodyMade) {
  lie(changed(1, [](StoredBlock& block) { block.entries[0].canonical.back() ^= 1U; }));
  EXPECT_EQ(world.log.head().position, world.saved);
  expect_repaired_by_the_honest();
}

// An officer's refused event would become official, or an official one refused.
TEST_F(LyingDevice, CannotInsertAnotherVerdict) {
  lie(changed(0, [](StoredBlock& block) {
    block.entries[0].verdict.code = events::VerdictCode::refused;
    block.entries[0].verdict.rule = events::Rule::a_system;
  }));
  EXPECT_EQ(world.log.head().position, world.saved);
  expect_repaired_by_the_honest();
}

// Deadlines are judged by the time of receipt.
TEST_F(LyingDevice, CannotInsertAnotherTimeOfReceipt) {
  lie(changed(2, [](StoredBlock& block) { block.received_at.value -= 500; }));
  EXPECT_EQ(world.log.head().position, world.saved);
  expect_repaired_by_the_honest();
}

// The scope is not in the leaf: with another one the root fits, and the block would go to readers
// who may not see it, or not to those who must.
TEST_F(LyingDevice, CannotMoveABlockToAnotherScope) {
  std::vector<StoredBlock> blocks = world.lost_blocks();
  blocks[0].scope = events::ScopeSet(test_support::hamlet);
  lie(std::move(blocks));
  EXPECT_EQ(world.log.head().position, world.saved);
  EXPECT_EQ(false_blocks_of_the_liar(), 1U);
  expect_repaired_by_the_honest();
}

// Nor is the epoch: it says whether a block is from before or behind a restoring.
TEST_F(LyingDevice, CannotMoveABlockToAnotherEpoch) {
  std::vector<StoredBlock> blocks = world.lost_blocks();
  blocks[0].epoch.value = 0;
  lie(std::move(blocks));
  EXPECT_EQ(world.log.head().position, world.saved);
  EXPECT_EQ(false_blocks_of_the_liar(), 1U);
  expect_repaired_by_the_honest();
}

// Nor is the signature: without it no auditor could tell who made the event.
TEST_F(LyingDevice, CannotTakeASignatureAway) {
  std::vector<StoredBlock> blocks = world.lost_blocks();
  blocks[1].run.reset();
  blocks[3].run->signature.bytes[5] ^= 1U;
  lie(std::move(blocks));
  expect_repaired_by_the_honest();
  for (const StoredBlock& block : world.lost_blocks()) {
    const auto stored = *events::decode_stored_block(**world.log.block_at(block.first));
    EXPECT_EQ(stored.run, block.run) << "position " << block.first.value;
  }
}

// A receipt decides what counts as proved.
TEST_F(LyingDevice, CannotForgeAReceipt) {
  const auto blocks =
      changed(1, [](StoredBlock& block) { block.entries[0].canonical.back() ^= 1U; });
  events::protocol::SignedReceipt receipt = world.receipt(world.deputy.device);
  receipt.root = blocks.back().root_after;
  auto taken = world.give(world.deputy.device.chain(), blocks, {receipt});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::bad_signature);
  receipt.signature = world.deputy.device.key().sign(events::protocol::receipt_statement(receipt));
  taken = world.give(world.deputy.device.chain(), blocks, {receipt});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::bad_signature);
  EXPECT_EQ(world.log.head().position, world.saved);
  lie({});
  expect_repaired_by_the_honest();
}

// A device that gives many blocks of one position would make the search branch at each of them.
TEST_F(LyingDevice, GivesEachPositionOnce) {
  std::vector<StoredBlock> many;
  for (std::uint64_t lie = 1; lie <= 30; ++lie) {
    StoredBlock block = world.lost_blocks()[0];
    block.received_at.value += lie;
    many.push_back(std::move(block));
  }
  lie(std::move(many));
  EXPECT_EQ(world.repair->report().staged_blocks, 1U);
  expect_repaired_by_the_honest();
}

// What one device has waiting is bounded, whatever it sends, and the others are not in its way.
TEST_F(LyingDevice, FillsOnlyItsOwnPartOfTheStagingArea) {
  const StoredBlock honest = world.lost_blocks()[0];
  StoredBlock junk = honest;
  junk.entries[0].canonical.resize(events::event_bytes_max);
  Position at{world.saved.value + 1'000'000};
  Position given_to;
  for (std::size_t sent = 0; sent < staged_device_bytes_max + (2U << 20U);) {
    std::vector<StoredBlock> repair_batch;
    for (int count = 0; count < 64; ++count) {
      junk.first = at;
      at.value += 2;
      sent += junk.entries[0].canonical.size();
      repair_batch.push_back(junk);
    }
    const auto taken = world.give(world.deputy.device.chain(), std::move(repair_batch),
                                  {world.receipt(world.deputy.device)}, false);
    ASSERT_TRUE(taken) << taken.error().message;
    given_to = taken->head;
  }
  const RepairReport report = world.repair->report();
  EXPECT_LE(report.staged_bytes, staged_device_bytes_max);
  EXPECT_GT(report.staged_bytes, staged_device_bytes_max - (1U << 20U));
  EXPECT_LT(given_to, Position{at.value - 2}) << "it is told that it goes on from here";
  ASSERT_TRUE(world.give(world.deputy.device.chain(), {}, {}));
  expect_repaired_by_the_honest();
}

}  // namespace
}  // namespace server::test
