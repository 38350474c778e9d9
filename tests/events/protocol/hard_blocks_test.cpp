#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"
#include "events/protocol/channel_binding.h"
#include "events/protocol/frame_codec.h"
#include "tests/support/event_builders.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

// The columns that an ordinary day seldom shows, for whoever reads blocks in another language: two
// actors, streams named from the table, answers of every kind, a run that began in an earlier
// block.

namespace events::protocol {
namespace {

using test_support::a_key;
using test_support::a_moment;
using test_support::an_event;
using test_support::expect_golden;
using test_support::golden_bytes;

Verdict held(HoldReason reason, Rule rule, std::vector<std::int64_t> parameters) {
  return {VerdictCode::held, 0, reason, rule, std::move(parameters), RulesVersion{1}};
}

/// Answers of every kind, in turn.
std::vector<Verdict> answers() {
  return {test_support::an_acceptance(),
          {VerdictCode::accepted_rebased, flag_late, HoldReason::none, Rule{}, {}, RulesVersion{1}},
          held(HoldReason::clock, Rule::c_clock, {-500'000}),
          test_support::a_refusal(),
          held(HoldReason::depends_on, Rule::a_grant, {0}),
          {VerdictCode::accepted,
           flag_role_revoked_since,
           HoldReason::none,
           Rule{},
           {},
           RulesVersion{2}}};
}

/// Twelve events of three things and two people, in no order that a table of the last one helps.
std::vector<Event> mixed_events() {
  std::vector<Event> events;
  const std::vector<StreamId> streams{{StreamKind::dossier, test_support::dossier.event},
                                      {StreamKind::dossier, EventId{test_support::a_chain, 20}},
                                      {StreamKind::dossier, EventId{test_support::a_chain, 30}}};
  for (std::uint64_t seq = 5; seq < 17; ++seq) {
    EventHeader header = an_event(test_support::a_registration(), seq).header;
    header.stream = streams[(seq * seq) % streams.size()];
    header.recorded_at = Timestamp{a_moment.value + 60'000 * (seq % 5)};
    if (seq % 3 == 0) {
      header.actor = test_support::administrator;
      header.role_grant = RoleGrantId{EventId{ChainNumber{2}, 11}};
      header.business_day = Day{test_support::a_day.value - 3};
    }
    events.push_back(make_event(header, test_support::a_registration()));
  }
  return events;
}

/// The end of a run whose first four events stand in an earlier block.
StoredBlock mixed_block() {
  StoredBlock block = test_support::a_stored_block(1, Position{300});
  block.first_seq = 5;
  block.previous = test_support::a_digest(3);
  block.entries.clear();
  const std::vector<Verdict> verdicts = answers();
  for (const Event& event : mixed_events()) {
    const Verdict& verdict = verdicts[block.entries.size() % verdicts.size()];
    const Intake intake{static_cast<std::int64_t>(block.entries.size()) - 4, 1, 0};
    block.entries.push_back({intake, event.canonical, verdict});
  }
  Digest hash = block.previous;
  for (const BlockEntry& entry : block.entries) hash = chain_next(hash, entry.canonical);
  block.run = RunSignature{
      1, a_key().sign(block_statement(block.log, block.chain, 1, block.last_seq(), hash))};
  block.root_after = test_support::a_digest(4);
  return block;
}

/// As many of its events as travel live.
StoredBlock short_block() {
  StoredBlock block = mixed_block();
  block.entries.resize(live_events_max);
  block.run.reset();
  return block;
}

void expect_same(const StoredBlock& read, const StoredBlock& block) {
  EXPECT_EQ(encode_stored_block(read), encode_stored_block(block));
}

TEST(HardBlocks, AStoredBlockOfManyColumnsKeepsItsBytes) {
  const StoredBlock block = mixed_block();
  const Bytes packed = pack_block_uncompressed(block);
  expect_golden("protocol/stored_mixed.hex", packed);
  const auto read = unpack_stored_block(packed);
  ASSERT_TRUE(read) << read.error().message;
  expect_same(*read, block);
}

TEST(HardBlocks, ALiveBlockOfManyColumnsKeepsItsBytes) {
  const StoredBlock block = short_block();
  const auto packed = pack_live_block_uncompressed(block);
  ASSERT_TRUE(packed);
  expect_golden("protocol/live_mixed.hex", *packed);
  const auto read = unpack_live_block(*packed, block.log, block.epoch);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->block.entries.size(), block.entries.size());
}

// What the compressor writes depends on its version; what it wrote once is read for ever.
TEST(HardBlocks, CompressedStoredAndLiveBlocksAreRead) {
  const StoredBlock block = mixed_block();
  const auto stored = unpack_stored_block(golden_bytes("protocol/stored_compressed_1.hex"));
  ASSERT_TRUE(stored) << stored.error().message;
  expect_same(*stored, block);
  const auto live =
      unpack_live_block(golden_bytes("protocol/live_compressed_1.hex"), block.log, block.epoch);
  ASSERT_TRUE(live) << live.error().message;
  EXPECT_EQ(live->block.entries.size(), live_events_max);
}

TEST(HardBlocks, FramesOfBadNewsKeepTheirBytes) {
  expect_golden("protocol/error.hex",
                encode_frame(ErrorFrame{ErrorCode::not_permitted, 0x83, "not yours"}));
  expect_golden("protocol/push_nak.hex",
                encode_frame(PushNak{ErrorCode::gap, 9, 5, "events before it are missing"}));
  expect_golden("protocol/goaway.hex", encode_frame(Goaway{GoawayReason::shutting_down, 1'500}));
  expect_golden("protocol/parked.hex", encode_frame(Parked{9, 12, 5}));
}

// HELLO over TLS: the exporter value is 32 times 0b.
TEST(HardBlocks, ABoundGreetingKeepsItsBytes) {
  ChannelBinding binding;
  binding.bytes.fill(0x0b);
  Hello hello;
  hello.log = test_support::a_log;
  hello.chain = test_support::a_chain;
  hello.device_time = a_moment;
  hello.nonce.fill(9);
  hello.features = feature_bound;
  hello.rules = RulesVersion{1};
  hello.signature = a_key().sign(bound_hello_statement(hello, binding));
  expect_golden("protocol/hello_bound.hex", encode_frame(hello));
  EXPECT_TRUE(verify(a_key().public_key(), bound_hello_statement(hello, binding), hello.signature));
}

}  // namespace
}  // namespace events::protocol
