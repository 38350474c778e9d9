#include "server/commit/lost_blocks.h"

#include "tests/server/repair/restored_log.h"
#include "tests/support/event_builders.h"

#include <gtest/gtest.h>

#include <functional>
#include <variant>
#include <vector>

namespace server::test {
namespace {

using events::Epoch;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::StoredBlock;

/// A log that lost three signed blocks: of the administrator, of the deputy, and again of the
/// administrator.
struct ThreeLostBlocks {
  RestoredLog world;
  std::vector<StoredBlock> blocks;

  explicit ThreeLostBlocks(Epoch epoch = Epoch{2}) : world(epoch) {
    world.back_up();
    world.push_admin("Xã Pá Khoang");
    world.push_deputy("Xã Thanh Nưa");
    world.push_admin("Xã Thanh An");
    world.restore();
    blocks = world.lost_blocks();
    EXPECT_EQ(blocks.size(), 3U);
  }

  LostBlocks begin() const {
    return {world.log, world.pipeline->state(), world.log.frontier(),
            world.pipeline->last_received_at()};
  }

  /// Why a block is not taken behind those before it, when it was changed and its root made to fit
  /// as whoever knows the log can; 0: it is taken.
  ErrorCode refusal(std::size_t which, const std::function<void(StoredBlock&)>& change) const {
    LostBlocks taken = begin();
    for (std::size_t index = 0; index < which; ++index) EXPECT_TRUE(taken.take(blocks[index]));
    StoredBlock changed = blocks[which];
    change(changed);
    fit_root(taken.edge(), changed);
    const Result<void> took = taken.take(changed);
    if (took) return ErrorCode{};
    EXPECT_EQ(taken.offender(), which);
    return took.error().code;
  }
};

TEST(LostBlocks, LeadToWhereTheLostLogEnded) {
  const ThreeLostBlocks lost;
  LostBlocks taken = lost.begin();
  for (const StoredBlock& block : lost.blocks) {
    const Result<void> took = taken.take(block);
    ASSERT_TRUE(took) << took.error().message;
    EXPECT_EQ(taken.first_open(), std::nullopt);
  }
  const events::LogHead head = lost.world.lost.log.head();
  EXPECT_EQ(taken.edge().root(), head.root);
  EXPECT_EQ(taken.last_received_at(), lost.world.lost.now);
  EXPECT_EQ(taken.release_state().applied(), head.position);
  EXPECT_EQ(lost.world.log.head().position, lost.world.saved) << "the log itself is only read";
}

// A block in a wrong place would make the chain or the positions of the repaired log unreadable.
TEST(LostBlocks, AreRefusedInAnyOtherPlace) {
  const ThreeLostBlocks lost;
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { block.log.value = 2; }), ErrorCode::wrong_log);
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { ++block.first.value; }), ErrorCode::gap);
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { --block.first.value; }), ErrorCode::gap);
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { ++block.first_seq; }), ErrorCode::gap);
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { block.previous.bytes[0] ^= 1U; }),
            ErrorCode::fork);
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { block.chain.value = 99; }),
            ErrorCode::not_enrolled);
  EXPECT_EQ(lost.refusal(0, [&](StoredBlock& block) { block = lost.blocks[1]; }), ErrorCode::gap);
  EXPECT_EQ(lost.refusal(1, [&](StoredBlock& block) { block = lost.blocks[0]; }), ErrorCode::gap);
}

// An auditor would find another history than the one that officers were told of.
TEST(LostBlocks, AreRefusedWhenTheyWereReceivedOrJudgedOtherwise) {
  const ThreeLostBlocks lost;
  const events::Timestamp last = lost.world.pipeline->last_received_at();
  const auto verdict = [](StoredBlock& block) {
    block.entries[0].verdict.code = events::VerdictCode::refused;
    block.entries[0].verdict.rule = events::Rule::a_system;
  };
  EXPECT_EQ(lost.refusal(0, verdict), ErrorCode::log_diverged);
  EXPECT_EQ(lost.refusal(1, verdict), ErrorCode::log_diverged);
  EXPECT_EQ(
      lost.refusal(
          1, [](StoredBlock& block) { block.scope = events::ScopeSet(test_support::hamlet); }),
      ErrorCode::log_diverged);
  EXPECT_EQ(lost.refusal(0, [&](StoredBlock& block) { block.received_at.value = last.value - 1; }),
            ErrorCode::log_diverged);
  EXPECT_EQ(lost.refusal(1,
                         [&](StoredBlock& block) {
                           block.received_at.value = lost.blocks[0].received_at.value - 1;
                         }),
            ErrorCode::log_diverged);
  LostBlocks taken = lost.begin();
  StoredBlock other_root = lost.blocks[0];
  other_root.root_after.bytes[0] ^= 1U;
  const Result<void> took = taken.take(other_root);
  ASSERT_FALSE(took);
  EXPECT_EQ(took.error().code, ErrorCode::log_diverged);
}

// Neither the root nor the signature covers the epoch.
TEST(LostBlocks, AreOfAnEpochThatWasThen) {
  const ThreeLostBlocks once;
  EXPECT_EQ(once.refusal(0, [](StoredBlock& block) { block.epoch.value = 2; }),
            ErrorCode::log_diverged)
      << "the log has that one since it was restored";
  EXPECT_EQ(once.refusal(0, [](StoredBlock& block) { block.epoch.value = 0; }),
            ErrorCode::log_diverged)
      << "the log had a later one already";
  const ThreeLostBlocks twice(Epoch{3});
  LostBlocks taken = twice.begin();
  std::vector<StoredBlock> blocks = twice.blocks;
  blocks[0].epoch.value = 2;
  ASSERT_TRUE(taken.take(blocks[0]));
  const Result<void> took = taken.take(blocks[1]);
  ASSERT_FALSE(took) << "an epoch does not come again";
  EXPECT_EQ(took.error().code, ErrorCode::log_diverged);
}

TEST(LostBlocks, AreWhatTheirAuthorSigned) {
  const ThreeLostBlocks lost;
  EXPECT_EQ(lost.refusal(1, [](StoredBlock& block) { block.run->signature.bytes[5] ^= 1U; }),
            ErrorCode::bad_signature);
  EXPECT_EQ(lost.refusal(1,
                         [](StoredBlock& block) {
                           const events::Event event =
                               *events::read_event(block.entries[0].canonical);
                           auto commune = std::get<events::UnitCreated>(event.payload);
                           commune.name = "Xã Giả";
                           block.entries[0].canonical =
                               events::make_event(event.header, commune).canonical;
                         }),
            ErrorCode::bad_signature);
  EXPECT_EQ(lost.refusal(1,
                         [&](StoredBlock& block) {
                           block.entries[0].canonical = lost.blocks[2].entries[0].canonical;
                         }),
            ErrorCode::malformed)
      << "an event of another chain";
}

// Whoever gives a block without its signature must not make the next, honest one look false.
TEST(LostBlocks, NameTheBlockWhoseSignatureWasTakenAway) {
  const ThreeLostBlocks lost;
  LostBlocks taken = lost.begin();
  StoredBlock bare = lost.blocks[0];
  bare.run.reset();
  ASSERT_TRUE(taken.take(bare)) << "a signature may follow";
  EXPECT_EQ(taken.first_open(), 0U);
  ASSERT_TRUE(taken.take(lost.blocks[1]));
  EXPECT_EQ(taken.first_open(), 0U) << "another chain's signature covers nothing of it";
  const Result<void> took = taken.take(lost.blocks[2]);
  ASSERT_FALSE(took);
  EXPECT_EQ(took.error().code, ErrorCode::bad_signature);
  EXPECT_EQ(taken.offender(), 0U);
}

// The log cuts a signed run where the scope changes; the backup may end in the middle of it.
TEST(LostBlocks, ARunIsOpenUntilTheBlockThatEndsIt) {
  RestoredLog whole;
  whole.saved = Position{4};  // Before the deputy was appointed, all in one signed run.
  whole.restore();
  const std::vector<StoredBlock> blocks = whole.lost_blocks();
  ASSERT_GE(blocks.size(), 3U);
  ASSERT_FALSE(blocks[0].run);
  ASSERT_FALSE(blocks[1].run);
  ASSERT_TRUE(blocks[2].run);
  LostBlocks taken(whole.log, whole.pipeline->state(), whole.log.frontier(),
                   whole.pipeline->last_received_at());
  ASSERT_TRUE(taken.take(blocks[0]));
  EXPECT_EQ(taken.first_open(), 0U);
  ASSERT_TRUE(taken.take(blocks[1]));
  EXPECT_EQ(taken.first_open(), 0U);
  ASSERT_TRUE(taken.take(blocks[2]));
  EXPECT_EQ(taken.first_open(), std::nullopt);

  RestoredLog cut;
  cut.saved = blocks[0].last();
  cut.restore();
  LostBlocks rest(cut.log, cut.pipeline->state(), cut.log.frontier(),
                  cut.pipeline->last_received_at());
  for (const StoredBlock& block : cut.lost_blocks()) {
    const Result<void> took = rest.take(block);
    ASSERT_TRUE(took) << took.error().message;
  }
  EXPECT_EQ(rest.first_open(), std::nullopt);
  EXPECT_EQ(rest.edge().root(), cut.lost.log.head().root);
}

// An author that signs anew behind the end of the backup would leave an event for ever unsigned.
TEST(LostBlocks, ASignatureCoversWhatTheLogHasUnsigned) {
  RestoredLog cut;
  cut.saved = Position{5};  // After the first of the events that were signed together.
  cut.restore();
  const std::vector<StoredBlock> blocks = cut.lost_blocks();
  ASSERT_GE(blocks.size(), 2U);
  StoredBlock end = blocks[1];
  ASSERT_TRUE(end.run);
  ASSERT_LT(end.run->first_seq, blocks[0].first_seq);
  events::Digest hash = end.previous;
  for (const events::BlockEntry& entry : end.entries) {
    hash = events::chain_next(hash, entry.canonical);
  }
  const std::uint64_t from = blocks[0].first_seq;
  end.run = {from, cut.lost.admin.key().sign(
                       events::block_statement(the_log, end.chain, from, end.last_seq(), hash))};
  LostBlocks taken(cut.log, cut.pipeline->state(), cut.log.frontier(),
                   cut.pipeline->last_received_at());
  ASSERT_TRUE(taken.take(blocks[0]));
  const Result<void> took = taken.take(end);
  ASSERT_FALSE(took);
  EXPECT_EQ(took.error().code, ErrorCode::bad_signature);
  EXPECT_EQ(taken.offender(), 0U);
}

TEST(LostBlocks, ExtendSaysWhetherTheRootIsTheOneThatTheBlockNames) {
  const ThreeLostBlocks lost;
  events::Frontier edge = lost.world.log.frontier();
  const std::uint64_t before = edge.size();
  EXPECT_TRUE(extend(edge, lost.blocks[0]));
  EXPECT_EQ(edge.size(), before + lost.blocks[0].entries.size());
  EXPECT_FALSE(extend(edge, lost.blocks[2])) << "one is missing between";
}

}  // namespace
}  // namespace server::test
