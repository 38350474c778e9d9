#include "events/packing/live_block.h"

#include "events/log/event_log.h"
#include "events/packing/wire_block.h"
#include "tests/support/event_builders.h"
#include "tests/support/example_session.h"

#include <gtest/gtest.h>

#include <optional>
#include <utility>

namespace events {
namespace {

constexpr LogId the_log{1};

/// What a commune's officer has just done, as the log keeps it: three events, 300 bytes.
StoredBlock a_days_work() { return test_support::example_session().own; }

LiveBlock travelled(const StoredBlock& block) {
  const std::optional<Bytes> packed = pack_live_block(block);
  EXPECT_TRUE(packed);
  return unpack_live_block(*packed, block.log, block.epoch).value();
}

// A reader's facts and its cursor must be those of the log, also before the proof is there.
TEST(LiveBlock, BringsEveryEventWithItsAnswerAndTheCursorBehindIt) {
  const StoredBlock block = a_days_work();
  const LiveBlock live = travelled(block);
  EXPECT_EQ(live.block.first, block.first);
  EXPECT_EQ(live.block.received_at, block.received_at);
  EXPECT_EQ(live.block.scope, block.scope);
  EXPECT_EQ(live.fingerprint, fingerprint_of(block.root_after));
  ASSERT_EQ(live.block.entries.size(), block.entries.size());
  for (std::size_t index = 0; index < block.entries.size(); ++index) {
    EXPECT_EQ(live.block.entries[index].canonical, block.entries[index].canonical);
    EXPECT_EQ(live.block.entries[index].intake, block.entries[index].intake);
    EXPECT_EQ(live.block.entries[index].verdict, block.entries[index].verdict);
  }
  EXPECT_FALSE(live.block.run);
}

// On a line of 64 kbit/s the proof of one event would take three times as long as the event.
TEST(LiveBlock, IsShorterThanTheWholeBlockByItsProof) {
  const StoredBlock block = a_days_work();
  EXPECT_LE(pack_live_block(block)->size() + 64 + 32 + 24, pack_block(block).size());
}

// What a live reader knows in the end must be what every other reader knows: whole blocks.
TEST(LiveBlock, WithItsProofIsTheWholeBlock) {
  const StoredBlock block = a_days_work();
  const Result<StoredBlock> whole = prove(travelled(block), proof_of(block));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(encode_stored_block(*whole), encode_stored_block(block));
}

// A proof that fits another root would let a server tell two readers two histories.
TEST(LiveBlock, RefusesTheProofOfAnotherBlockOrAnotherRoot) {
  const StoredBlock block = a_days_work();
  const LiveBlock live = travelled(block);
  BlockProof other_root = proof_of(block);
  other_root.root_after.bytes[0] ^= 1U;
  EXPECT_EQ(prove(live, other_root).error().code, ErrorCode::log_diverged);
  BlockProof other_place = proof_of(block);
  other_place.first.value += 1;
  EXPECT_EQ(prove(live, other_place).error().code, ErrorCode::malformed);
  BlockProof other_run = proof_of(block);
  other_run.run->first_seq = block.last_seq() + 1;
  EXPECT_EQ(prove(live, other_run).error().code, ErrorCode::malformed);
}

// A connection cut at any byte must never pass for a shorter, valid block.
TEST(LiveBlock, RefusesEveryTruncation) {
  const Bytes whole = *pack_live_block(a_days_work());
  for (std::size_t size = 0; size < whole.size(); ++size) {
    SCOPED_TRACE(size);
    EXPECT_FALSE(unpack_live_block(ByteView(whole).first(size), the_log, Epoch{1}));
  }
}

// A device that restarts before the proof came must still know what it was told.
TEST(LiveBlock, IsKeptOnADeviceAndReadAgain) {
  const StoredBlock block = a_days_work();
  const Bytes packed = *pack_live_block(block);
  const Bytes kept = keep_live_block(packed, block.log, block.epoch);
  ASSERT_TRUE(is_kept_live_block(kept));
  EXPECT_FALSE(is_kept_live_block(pack_block(block)));
  const Result<LiveBlock> again = read_kept_live_block(kept);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->block.log, block.log);
  EXPECT_EQ(again->block.epoch, block.epoch);
  EXPECT_EQ(encode_stored_block(*prove(*again, proof_of(block))), encode_stored_block(block));
  EXPECT_FALSE(unpack_stored_block(kept)) << "it never travels";
}

// A hundred events with their proof weigh hardly more than without it; asking later would cost.
TEST(LiveBlock, IsNotMadeOfLongRuns) {
  StoredBlock block = a_days_work();
  while (block.entries.size() <= live_events_max) block.entries.push_back(block.entries.back());
  EXPECT_FALSE(pack_live_block(block));
}

}  // namespace
}  // namespace events
