#include "server/commit/pipeline.h"

#include "events/base/check.h"
#include "server/commit/batch.h"
#include "tests/server/commit/pipeline_fixture.h"
#include "tests/support/forwarding_log.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

namespace server::test {
namespace {

using events::ErrorCode;
using events::StoredBlock;

std::vector<StoredBlock> blocks_of(const events::EventLog& log) {
  std::vector<StoredBlock> blocks;
  const events::ReaderScope everything{.whole_log = true, .units = {}};
  events::Position after;
  for (;;) {
    events::Position scanned_to;
    const auto encoded = log.next_block(everything, after, &scanned_to);
    if (!encoded || !*encoded) return blocks;
    blocks.push_back(*events::decode_stored_block(**encoded));
    after = blocks.back().last();
  }
}

/// A citizen in `commune`, with a private record of her own.
struct Newcomer {
  events::PersonIntroduced event;
  events::PrivateRecord record;
};
Newcomer a_newcomer(events::UnitId commune, std::uint8_t salt) {
  Newcomer newcomer;
  newcomer.record = test_support::a_private_record(test_support::a_person_record(), salt);
  newcomer.event.home_unit = commune;
  newcomer.event.gender = events::Gender::female;
  newcomer.event.age_band = events::AgeBand::from_25_to_34;
  newcomer.event.private_digest = newcomer.record.digest();
  return newcomer;
}

// The root of all authority: were it not in the log, no auditor could say who let the first
// administrator in.
TEST(Pipeline, FoundsALogWithFourEventsOfTheServer) {
  const FoundedLog founded;
  const std::vector<StoredBlock> blocks = blocks_of(founded.log);
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_EQ(blocks[0].chain, events::system_chain);
  ASSERT_EQ(blocks[0].entries.size(), 4U);
  const auto stored = events::stored_events(blocks[0]);
  ASSERT_TRUE(stored);
  EXPECT_TRUE(std::holds_alternative<events::LogFounded>((*stored)[0].event.payload));
  EXPECT_TRUE(std::holds_alternative<events::PersonIntroduced>((*stored)[1].event.payload));
  EXPECT_TRUE(std::holds_alternative<events::RoleGranted>((*stored)[2].event.payload));
  EXPECT_TRUE(std::holds_alternative<events::DeviceEnrolled>((*stored)[3].event.payload));
  for (const events::StoredEvent& event : *stored) EXPECT_TRUE(event.verdict.takes_effect());
}

// A device that lost the answer sends again: were that to count twice, a person would be
// registered twice.
TEST(Pipeline, AnswersADuplicateRunWithItsFirstReceipts) {
  FoundedLog founded;
  founded.add_commune("Xã Nà Tấu");
  const events::DeviceBlock block = founded.admin.sign();
  const auto first = ack_of(founded.commit(block, founded.admin));
  const events::LogHead head = founded.log.head();
  founded.now.value += 60'000;
  const auto second = ack_of(founded.commit(block, founded.admin));

  EXPECT_EQ(founded.log.head(), head);
  EXPECT_EQ(second.upto_seq, first.upto_seq);
  ASSERT_EQ(second.receipts.size(), 1U);
  EXPECT_EQ(events::encode(second.receipts[0]), events::encode(first.receipts[0]));
}

// Two sockets of one device, both alive for a moment: the same run may wait twice in one group.
TEST(Pipeline, TakesARunOnceThatWaitsTwiceInOneGroup) {
  FoundedLog founded;
  founded.add_commune("Xã Nà Tấu");
  const events::DeviceBlock block = founded.admin.sign();
  std::vector<PushedRun> runs;
  runs.push_back(founded.checked(block, founded.admin));
  runs.push_back(founded.checked(block, founded.admin));
  const std::vector<PushOutcome> outcomes = founded.commit(std::move(runs));
  EXPECT_EQ(founded.log.head().position.value, 5U);
  EXPECT_EQ(events::encode(ack_of(outcomes.at(0)).receipts.at(0)),
            events::encode(ack_of(outcomes.at(1)).receipts.at(0)));
}

// A cut hides how much arrived; the device may sign its events again in other runs.
TEST(Pipeline, TakesTheRestOfARunItPartlyHas) {
  FoundedLog founded;
  TestDevice again(admin_chain, 2);
  founded.add_commune("Xã Nà Tấu");
  founded.commit(founded.admin.sign(), founded.admin);

  std::swap(founded.admin, again);
  founded.add_commune("Xã Nà Tấu");
  founded.add_commune("Xã Nà Nhạn");
  const auto ack = ack_of(founded.commit(founded.admin.sign(), founded.admin));
  EXPECT_EQ(ack.upto_seq, 2U);
  ASSERT_EQ(ack.receipts.size(), 2U);
  EXPECT_EQ(ack.receipts[1].first_seq, 2U);
  EXPECT_EQ(ack.receipts[1].run_first_seq, 1U);  // The signature covers what was there before.
  EXPECT_EQ(founded.log.head().position.value, 6U);
}

TEST(Pipeline, RefusesAGapAndSaysWhatItExpects) {
  FoundedLog founded;
  founded.add_commune("Xã Nà Tấu");
  founded.admin.sign();
  founded.add_commune("Xã Nà Nhạn");
  const PushOutcome outcome = founded.commit(founded.admin.sign(), founded.admin);
  EXPECT_EQ(reason_of(outcome), ErrorCode::gap);
  EXPECT_EQ(std::get<events::protocol::PushNak>(outcome).expected_seq, 1U);
  EXPECT_EQ(founded.log.head().position.value, 4U);
}

// A copied device image writes the chain a second time: both copies believe they are the device.
TEST(Pipeline, RefusesAForkAtTheHeadAndBelowIt) {
  FoundedLog founded;
  TestDevice clone(admin_chain, 2);
  founded.add_commune("Xã Nà Tấu");
  founded.commit(founded.admin.sign(), founded.admin);
  founded.add_commune("Xã Nà Nhạn");
  founded.commit(founded.admin.sign(), founded.admin);

  std::swap(founded.admin, clone);
  founded.add_commune("Xã Mường Phăng");
  EXPECT_EQ(reason_of(founded.commit(founded.admin.sign(), founded.admin)), ErrorCode::fork);
  founded.add_commune("Xã Pá Khoang");
  founded.add_commune("Xã Ngối Cáy");
  EXPECT_EQ(reason_of(founded.commit(founded.admin.sign(), founded.admin)), ErrorCode::fork);
  EXPECT_EQ(founded.log.head().position.value, 6U);
}

TEST(Pipeline, RefusesAChainThatNobodyEnrolled) {
  FoundedLog founded;
  TestDevice stranger(events::ChainNumber{9}, 9);
  stranger.create(events::UnitCreated{}, founded.administrator, founded.registrar);
  EXPECT_EQ(reason_of(founded.commit(stranger.sign(), stranger)), ErrorCode::not_enrolled);
}

// A stranger must be able to check every signature from the log alone, wherever it was cut.
TEST(Pipeline, CutsRunsByScopeAndKeepsEverySignatureVerifiable) {
  FoundedLog founded;
  const events::UnitId first = founded.add_commune("Xã Nà Tấu");
  const events::UnitId second = founded.add_commune("Xã Nà Nhạn");
  const Newcomer here = a_newcomer(first, 1);
  const Newcomer there = a_newcomer(second, 2);
  founded.admin.create(here.event, founded.administrator, founded.registrar);
  founded.admin.create(there.event, founded.administrator, founded.registrar);
  founded.add_commune("Xã Mường Phăng");
  const auto ack =
      ack_of(founded.commit(founded.admin.sign(), founded.admin, {here.record, there.record}));
  ASSERT_EQ(ack.receipts.size(), 4U);  // reference, first, second, reference
  EXPECT_TRUE(ack.receipts[1].scope.contains(first));
  EXPECT_TRUE(ack.receipts[2].scope.contains(second));
  EXPECT_EQ(ack.receipts[2].run_first_seq, 0U);
  EXPECT_EQ(ack.receipts[3].run_first_seq, 1U);

  const std::map<std::uint32_t, events::PublicKey> keys = {
      {events::system_chain.value, founded.pipeline.server_key()},
      {admin_chain.value, founded.admin.key().public_key()}};
  events::Frontier tree;
  events::Bytes leaf;
  for (const StoredBlock& block : blocks_of(founded.log)) {
    events::Digest hash = block.previous;
    const auto stored_block = events::stored_events(block);
    ASSERT_TRUE(stored_block);
    for (const events::StoredEvent& stored : *stored_block) {
      hash = events::chain_next(hash, stored.event.canonical);
      events::write_leaf(stored, leaf);
      tree.append(events::leaf_hash(leaf));
    }
    EXPECT_EQ(tree.root(), block.root_after);
    if (!block.run) continue;
    const events::Bytes statement =
        events::block_statement(the_log, block.chain, block.run->first_seq, block.last_seq(), hash);
    EXPECT_TRUE(events::verify(keys.at(block.chain.value), statement, block.run->signature));
  }
  EXPECT_EQ(tree.root(), founded.log.head().root);
}

// Somebody waits for a release: it must come the moment its cause is gone, at the place where every
// auditor will look for it, in the middle of a run.
TEST(Pipeline, AppendsWhatIsDueRightAfterItsCause) {
  FoundedLog founded;
  FoundedLog::Deputy deputy = founded.add_deputy();
  events::UnitCreated commune = a_commune("Xã Nà Tấu");
  events::EventHeader early =
      founded.admin.header(events::StreamKind::unit, founded.administrator, founded.registrar);
  early.recorded_at.value += 3 * events::milliseconds_per_day;  // Held: the clock cannot be right.
  founded.admin.add(early, commune);
  const Newcomer newcomer = a_newcomer(events::UnitId{early.id()}, 1);
  founded.admin.create(newcomer.event, founded.administrator, founded.registrar);
  founded.commit(founded.admin.sign(), founded.admin, {newcomer.record});
  ASSERT_EQ(founded.pipeline.state().inbox().size(), 2U);
  const events::Position dependent = founded.log.head().position;
  const events::Position cause{dependent.value - 1};

  deputy.device.seen = dependent;
  events::EventHeader waiver =
      deputy.device.header(events::StreamKind::unit, deputy.person, deputy.grant);
  waiver.stream = early.stream;
  deputy.device.add(waiver, events::HoldReleased{cause, test_support::an_acceptance()});
  commune.name = "Xã Nà Nhạn";
  deputy.device.create(commune, deputy.person, deputy.grant);
  const auto ack = ack_of(founded.commit(deputy.device.sign(), deputy.device));

  EXPECT_EQ(founded.pipeline.state().inbox().size(), 0U);
  ASSERT_EQ(ack.receipts.size(), 2U);
  EXPECT_EQ(ack.receipts[0].first.value, dependent.value + 1);
  EXPECT_EQ(ack.receipts[0].run_first_seq, 0U);
  EXPECT_EQ(ack.receipts[1].first.value, dependent.value + 3);
  EXPECT_EQ(ack.receipts[1].run_first_seq, 1U);
  const auto between = founded.log.block_at(events::Position{dependent.value + 2});
  const auto block = events::decode_stored_block(**between);
  ASSERT_TRUE(block);
  EXPECT_EQ(block->chain, events::system_chain);
  const auto released = events::stored_events(*block);
  ASSERT_TRUE(std::holds_alternative<events::HoldReleased>((*released)[0].event.payload));
  EXPECT_EQ(std::get<events::HoldReleased>((*released)[0].event.payload).held, dependent);
}

TEST(Pipeline, WantsThePrivateRecordBeforeTheEventThatNamesIt) {
  FoundedLog founded;
  const events::UnitId commune = founded.add_commune("Xã Nà Tấu");
  const Newcomer newcomer = a_newcomer(commune, 1);
  founded.admin.create(newcomer.event, founded.administrator, founded.registrar);
  const events::DeviceBlock block = founded.admin.sign();
  EXPECT_EQ(reason_of(founded.commit(block, founded.admin)), ErrorCode::private_missing);
  EXPECT_EQ(founded.log.head().position.value, 4U);

  const auto ack = ack_of(founded.commit(block, founded.admin, {newcomer.record}));
  EXPECT_EQ(ack.receipts.back().entries.back().intake.content, events::content_checked);
  EXPECT_TRUE(*founded.private_store.contains(newcomer.record.digest()));
}

// The clock of a server may be set back; positions and times of receipt never disagree.
TEST(Pipeline, NeverLetsTheTimeOfReceiptFall) {
  FoundedLog founded;
  founded.now.value -= 3'600'000;
  founded.add_commune("Xã Nà Tấu");
  const auto ack = ack_of(founded.commit(founded.admin.sign(), founded.admin));
  EXPECT_EQ(ack.receipts.at(0).received_at, the_morning);
}

// After a kill the server must go on exactly where the log ends.
TEST(Pipeline, RecoversFromTheLogAloneAndFromACheckpoint) {
  FoundedLog founded;
  const projections::State checkpoint = founded.pipeline.state();
  founded.add_commune("Xã Nà Tấu");
  const events::DeviceBlock block = founded.admin.sign();
  const auto before = ack_of(founded.commit(block, founded.admin));

  for (const bool from_checkpoint : {false, true}) {
    SCOPED_TRACE(from_checkpoint);
    Pipeline restarted(founded.log, founded.private_store, test_support::a_key(1));
    ASSERT_TRUE(restarted.recover(from_checkpoint ? std::optional(checkpoint) : std::nullopt));
    EXPECT_EQ(events::encode(restarted.state()), events::encode(founded.pipeline.state()));
    std::vector<PushedRun> runs;
    runs.push_back(founded.checked(block, founded.admin));
    const auto outcomes = restarted.commit(runs, founded.now);
    ASSERT_TRUE(outcomes);
    EXPECT_EQ(events::encode(ack_of(outcomes->at(0)).receipts.at(0)),
              events::encode(before.receipts.at(0)));
  }
  Pipeline stranger(founded.log, founded.private_store, test_support::a_key(3));
  EXPECT_FALSE(stranger.recover());
}

/// A log whose disk fails when told to.
class FailingLog final : public test_support::ForwardingLog {
 public:
  using ForwardingLog::ForwardingLog;
  bool fails = false;

  events::Result<void> append(std::span<const StoredBlock> blocks,
                              const events::Frontier& after) override {
    if (fails) return events::Error{ErrorCode::storage_failed, "the disk is gone"};
    return ForwardingLog::append(blocks, after);
  }
};

// Nobody knows what a failed append left on disk; going on would acknowledge events that a restart
// may not find.
TEST(Pipeline, AcceptsNothingAfterAFailedAppend) {
  FoundedLog founded;
  FailingLog failing(founded.log);
  Pipeline pipeline(failing, founded.private_store, test_support::a_key(1));
  ASSERT_TRUE(pipeline.recover());
  failing.fails = true;
  founded.add_commune("Xã Nà Tấu");
  std::vector<PushedRun> runs;
  runs.push_back(founded.checked(founded.admin.sign(), founded.admin));
  EXPECT_EQ(pipeline.commit(runs, founded.now).error().code, ErrorCode::storage_failed);
  EXPECT_FALSE(pipeline.healthy());
  failing.fails = false;
  EXPECT_EQ(pipeline.commit(runs, founded.now).error().code, ErrorCode::storage_failed);
}

}  // namespace
}  // namespace server::test
