#include "server/commit/block_cutter.h"

#include "tests/support/block_builder.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <vector>

namespace server::test {
namespace {

using events::ChainNumber;
using events::ScopeSet;
using events::StoredBlock;

constexpr events::Timestamp received{1'756'774'800'000};
constexpr ChainNumber device{7};
const ScopeSet commune{test_support::commune};
const ScopeSet neighbour{test_support::hamlet};

/// A cutter, and the chains whose events it is given.
class Cutting {
 public:
  void add(ChainNumber chain, const ScopeSet& scope,
           events::Payload payload = events::RegistrationAccepted{}) {
    const auto [known, is_new] = heads_.try_emplace(chain);
    events::ChainHead& head = known->second;
    if (is_new) head.hash = events::chain_start(chain, key.public_key());
    events::Event event = test_support::an_event(std::move(payload), head.seq + 1, chain);
    const ChainStep step{head.hash, events::chain_next(head.hash, event.canonical)};
    head = {head.seq + 1, step.after};
    cutter.add({cutter.next_position(), received, {}, std::move(event), {}}, scope, step);
  }

  events::SigningKey key = test_support::a_key(5);
  events::Frontier frontier;
  BlockCutter cutter{events::LogId{1}, events::Epoch{1}, received, frontier, key};

 private:
  std::map<ChainNumber, events::ChainHead> heads_;
};

TEST(BlockCutter, ABlockHasOneChainAndOneScope) {
  Cutting cutting;
  cutting.add(device, commune);
  cutting.add(device, commune);
  cutting.add(device, neighbour);
  cutting.add(ChainNumber{8}, neighbour);
  const std::vector<StoredBlock> blocks = cutting.cutter.finish();
  ASSERT_EQ(blocks.size(), 3U);
  EXPECT_EQ(blocks[0].entries.size(), 2U);
  EXPECT_EQ(blocks[1].scope, neighbour);
  EXPECT_EQ(blocks[1].first_seq, 3U);
  EXPECT_EQ(blocks[2].chain, ChainNumber{8});
  EXPECT_EQ(blocks[2].first.value, 4U) << "positions go on without a gap";
}

// A reader that has the blocks up to one must come to the root that this block names.
TEST(BlockCutter, EachBlockNamesTheRootBehindIt) {
  Cutting cutting;
  for (int index = 0; index < 3; ++index) {
    cutting.add(device, commune);
    cutting.add(device, neighbour);
  }
  events::Frontier read;
  for (const StoredBlock& block : cutting.cutter.finish()) {
    test_support::advance(read, block);
    EXPECT_EQ(block.root_after, read.root());
  }
  EXPECT_EQ(read.root(), cutting.frontier.root());
}

TEST(BlockCutter, ABlockHoldsNoMoreEventsThanItMay) {
  Cutting cutting;
  for (std::size_t index = 0; index < events::block_events_max + 1; ++index) {
    cutting.add(device, commune);
  }
  const std::vector<StoredBlock> blocks = cutting.cutter.finish();
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].entries.size(), events::block_events_max);
  EXPECT_EQ(blocks[1].entries.size(), 1U);
}

// A block that were longer could not be sent in one frame.
TEST(BlockCutter, ABlockHoldsNoMoreBytesThanItMay) {
  Cutting cutting;
  events::ReviewHeld minutes = test_support::a_meeting();
  while (minutes.entries.size() < 400) minutes.entries.push_back(minutes.entries.front());
  for (int index = 0; index < 12; ++index) cutting.add(device, commune, minutes);
  const std::vector<StoredBlock> blocks = cutting.cutter.finish();
  EXPECT_GT(blocks.size(), 1U);
  for (const StoredBlock& block : blocks) {
    EXPECT_LE(events::encode_stored_block(block).size(), events::encoded_block_bytes_max);
  }
}

// Events of the server that follow a run stand in a block of their own behind it.
TEST(BlockCutter, ARunIsSignedWhereItEndsAlsoBehindEventsOfTheServer) {
  Cutting cutting;
  cutting.add(device, commune);
  cutting.add(events::system_chain, commune);
  const events::RunSignature run{1, {}};
  cutting.cutter.finish_run(run);
  const std::vector<StoredBlock> blocks = cutting.cutter.finish();
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0].run, std::optional(run));
  ASSERT_TRUE(blocks[1].run);
  const events::Digest start = events::chain_start(events::system_chain, cutting.key.public_key());
  const events::Digest end = events::chain_next(start, blocks[1].entries[0].canonical);
  EXPECT_TRUE(
      events::verify(cutting.key.public_key(),
                     events::block_statement(events::LogId{1}, events::system_chain, 1, 1, end),
                     blocks[1].run->signature))
      << "the server signs its own";
}

}  // namespace
}  // namespace server::test
