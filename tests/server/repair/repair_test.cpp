#include "server/repair/repair.h"

#include "tests/server/repair/restored_log.h"
#include "tests/support/forwarding_log.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::ErrorCode;
using events::Position;

/// Three blocks of the administrator and two of the deputy, in turn, after the backup.
struct RepairTest : testing::Test {
  RestoredLog world;

  RepairTest() {
    world.push_admin("Xã Mường Phăng");
    world.back_up();
    world.push_admin("Xã Pá Khoang");
    world.push_deputy("Xã Thanh Nưa");
    world.push_admin("Xã Thanh An");
    world.push_deputy("Xã Nà Nhạn");
    world.push_admin("Xã Mường Pồn");
  }

  auto give_own(const TestDevice& device) {
    return world.give(device.chain(), world.lost_blocks(device.chain()), {world.receipt(device)});
  }
};

// No device holds the whole log: what each commune has must fit together again.
TEST_F(RepairTest, TwoDevicesFillEachOthersHolesUpToTheSameRoot) {
  world.restore();
  const auto first = give_own(world.lost.admin);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_FALSE(first->complete) << "the deputy's device has not come";
  EXPECT_EQ(world.log.head().position, world.saved) << "what lies behind a hole proves nothing yet";

  const auto second = give_own(world.deputy.device);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_TRUE(second->complete);
  EXPECT_EQ(world.root_at_loss(), world.lost.log.head().root);
  EXPECT_FALSE(world.marked);
  EXPECT_EQ(world.ended, 1);

  const auto encoded = world.log.block_at(Position{world.lost.log.head().position.value + 1});
  ASSERT_TRUE(encoded && *encoded);
  const events::StoredBlock block = *events::decode_stored_block(**encoded);
  EXPECT_EQ(block.epoch, events::Epoch{2});
  const auto stored = *events::stored_events(block);
  const auto* const restored = std::get_if<events::LogRestored>(&stored.front().event.payload);
  ASSERT_NE(restored, nullptr);
  EXPECT_EQ(restored->restored, world.saved);
  EXPECT_EQ(restored->repaired, world.lost.log.head().position);
  EXPECT_EQ(restored->before, events::Epoch{1});
  EXPECT_EQ(restored->after, events::Epoch{2});
}

// An acknowledged push to a repair server would take the position of an event that comes back.
TEST_F(RepairTest, NothingNewIsAppendedBeforeItIsOver) {
  world.restore();
  world.lost.add_commune("Xã Mới");
  std::vector<PushedRun> runs;
  runs.push_back(world.lost.checked(world.lost.admin.sign(), world.lost.admin));
  const auto outcomes = world.pipeline->commit(runs, world.lost.now);
  ASSERT_TRUE(outcomes);
  EXPECT_EQ(reason_of(outcomes->at(0)), ErrorCode::busy);
  EXPECT_FALSE(world.pipeline->append_system({}, world.lost.now));
  EXPECT_EQ(world.log.head().position, world.saved);
}

// The tablet of a commune burned with the server: the operator goes on without it, and whatever
// turns up later is pushed again.
TEST_F(RepairTest, FinishingGivesUpOnlyWhatTheOperatorSays) {
  world.restore();
  ASSERT_TRUE(give_own(world.lost.admin));
  const RepairReport report = world.repair->report();
  EXPECT_EQ(report.proved_head, world.lost.log.head().position);
  EXPECT_EQ(report.given_up(), 5U);
  ASSERT_EQ(report.missing.size(), 2U) << "the deputy's two blocks";
  EXPECT_EQ(report.missing[0].first, Position{world.saved.value + 2});
  EXPECT_EQ(report.missing[0].last, Position{world.saved.value + 2});

  const auto refused = world.repair->finish(false, world.lost.now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_permitted);
  EXPECT_TRUE(world.repair->is_under_way());
  ASSERT_TRUE(world.repair->finish(true, world.lost.now));
  EXPECT_FALSE(world.marked);

  const auto key = events::VerifyingKey::load(world.deputy.device.key().public_key());
  for (const events::StoredBlock& block : world.lost_blocks(world.deputy.device.chain())) {
    events::DeviceBlock again{block.log,      block.chain,          block.first_seq,
                              block.previous, block.run->signature, {}};
    for (const auto& entry : block.entries) again.events.push_back(entry.canonical);
    std::vector<PushedRun> runs;
    runs.push_back(*check_run(again, *key, world.lost.now, {}));
    const auto outcomes = world.pipeline->commit(runs, world.lost.now);
    ASSERT_TRUE(outcomes);
    EXPECT_FALSE(ack_of(outcomes->at(0)).receipts.empty());
  }
}

// The log was restored once before, and went on without these events.  Whoever has not come since
// shows receipts that are as genuine as they ever were, of a history that nobody else remembers.
TEST(Repair, OfALogRestoredTwiceTakesNothingOnTheWordOfTheFirstHistory) {
  RestoredLog world(events::Epoch{3});
  world.back_up();
  world.push_admin("Xã Pá Khoang");
  world.restore();
  ASSERT_TRUE(world.give(admin_chain, world.lost_blocks(), {world.receipt(world.lost.admin)}));
  EXPECT_EQ(world.log.head().position, world.saved) << "the deputy may know better";
  const auto refused = world.repair->finish(false, world.lost.now);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::not_permitted);

  const auto last = world.give(world.deputy.device.chain(), {}, {});
  ASSERT_TRUE(last) << last.error().message;
  EXPECT_TRUE(last->complete);
  EXPECT_EQ(world.root_at_loss(), world.lost.log.head().root) << "nobody knows better";
}

// A device whose enrolment was lost with the rest must not have to be enrolled anew: its chain and
// all that its officers typed would be worth nothing.
TEST(Repair, ADeviceEnrolledAfterTheBackupGivesBackItsOwnEnrolment) {
  RestoredLog world;
  world.saved = Position{4};  // Before the deputy was appointed.
  world.push_deputy("Xã Thanh Nưa");
  world.restore();
  const events::ChainNumber stranger = world.deputy.device.chain();
  const auto without = world.give(stranger, {}, {});
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().code, ErrorCode::busy) << "it may come back";

  ASSERT_TRUE(world.give(stranger, world.lost_blocks(), {world.receipt(world.deputy.device)}));
  EXPECT_EQ(world.log.head().position, world.lost.log.head().position);
  const auto last = world.give(admin_chain, {}, {});
  ASSERT_TRUE(last);
  EXPECT_TRUE(last->complete);
}

// An association gave the blocks, which names nobody; the names come from the commune.
TEST(Repair, PrivateRecordsComeAlsoBehindTheirBlocks) {
  RestoredLog world;
  world.back_up();
  const auto record =
      test_support::a_private_record(test_support::a_person_record(), std::uint8_t{0x31});
  events::PersonIntroduced person;
  person.private_digest = record.digest();
  world.lost.admin.create(person, world.lost.administrator, world.lost.registrar);
  ack_of(world.lost.commit(world.lost.admin.sign(), world.lost.admin, {record}));
  world.restore();
  ASSERT_TRUE(world.give(world.deputy.device.chain(), world.lost_blocks(),
                         {world.receipt(world.lost.admin)}));
  EXPECT_EQ(world.log.head().position, world.lost.log.head().position);
  EXPECT_FALSE(*world.private_store.contains(record.digest()));
  EXPECT_EQ(world.repair->report().missing_records, 1U);
  world.start();
  EXPECT_EQ(world.repair->report().missing_records, 1U) << "also after a restart";

  RepairBatch repair_batch;
  repair_batch.chain = admin_chain;
  EXPECT_EQ(world.repair->take(repair_batch, world.lost.now)->head, world.saved) << "not behind it";
  repair_batch.blocks = world.lost_blocks();
  repair_batch.records = {record};
  repair_batch.end.complete = true;
  ASSERT_TRUE(world.repair->take(repair_batch, world.lost.now)->complete);
  EXPECT_TRUE(*world.private_store.contains(record.digest()));
}

// The author never heard that the log had the event, so it gives no block; but the name is only
// with it.  It may come before the block is proved, or behind it.
TEST(Repair, PrivateRecordsComeFromAnAuthorWithoutReceipt) {
  for (const bool record_is_first : {true, false}) {
    RestoredLog world;
    world.back_up();
    const auto record =
        test_support::a_private_record(test_support::a_person_record(), std::uint8_t{0x31});
    events::PersonIntroduced person;
    person.private_digest = record.digest();
    world.lost.admin.create(person, world.lost.administrator, world.lost.registrar);
    ack_of(world.lost.commit(world.lost.admin.sign(), world.lost.admin, {record}));
    const auto proof = world.receipt(world.lost.admin);
    world.restore();
    const auto give_blocks = [&] {
      ASSERT_TRUE(world.give(world.deputy.device.chain(), world.lost_blocks(), {proof}));
    };
    if (!record_is_first) give_blocks();
    RepairBatch repair_batch;
    repair_batch.chain = admin_chain;
    repair_batch.records = {record};
    EXPECT_FALSE(repair_batch.is_question());
    ASSERT_TRUE(world.repair->take(repair_batch, world.lost.now));
    EXPECT_EQ(*world.private_store.contains(record.digest()), !record_is_first);
    if (record_is_first) give_blocks();
    EXPECT_EQ(world.log.head().position, world.lost.log.head().position);
    EXPECT_TRUE(*world.private_store.contains(record.digest()));
  }
}

// A dossier without the name of its citizen can neither be printed nor found.
TEST_F(RepairTest, PrivateRecordsComeBackWithTheEventsThatNameThem) {
  RestoredLog other;
  other.back_up();
  const auto record =
      test_support::a_private_record(test_support::a_person_record(), std::uint8_t{0x31});
  events::PersonIntroduced person;
  person.private_digest = record.digest();
  other.lost.admin.create(person, other.lost.administrator, other.lost.registrar);
  other.lost.now.value += 1000;
  ack_of(other.lost.commit(other.lost.admin.sign(), other.lost.admin, {record}));
  other.restore();

  RepairBatch repair_batch;
  repair_batch.chain = admin_chain;
  repair_batch.blocks = other.lost_blocks();
  const auto unnamed =
      test_support::a_private_record(test_support::a_person_record(), std::uint8_t{0x32});
  repair_batch.records = {record, unnamed};
  repair_batch.end.complete = true;
  repair_batch.end.receipts = {other.receipt(other.lost.admin)};
  ASSERT_TRUE(other.repair->take(repair_batch, other.lost.now));
  EXPECT_TRUE(*other.private_store.contains(record.digest()));
  EXPECT_FALSE(*other.private_store.contains(unnamed.digest())) << "no event of the log names it";
}

/// A log whose chains cannot be read when told so.
class UnreadableLog final : public test_support::ForwardingLog {
 public:
  using ForwardingLog::ForwardingLog;
  bool fails = false;

  events::Result<events::ChainHead> chain_head(events::ChainNumber chain) const override {
    if (fails) return events::Error{ErrorCode::storage_failed, "the disk does not answer"};
    return ForwardingLog::chain_head(chain);
  }
};

// The server's disk would silence the device, and with it the only copy of a commune's year.
TEST(Repair, ADiskThatDoesNotAnswerIsNoFaultOfTheDevice) {
  RestoredLog world;
  world.back_up();
  world.push_admin("Xã Pá Khoang");
  copy_blocks(world.lost.log, world.log, world.saved);
  UnreadableLog disk(world.log);
  world.pipeline.emplace(disk, world.private_store, test_support::a_key(1));
  ASSERT_TRUE(world.pipeline->recover());
  auto repair = Repair::begin({.pipeline = *world.pipeline,
                               .store = world.staging,
                               .restored = world.restored_head(),
                               .end_mark = []() -> events::Result<void> { return {}; },
                               .on_end = {}});
  ASSERT_TRUE(repair) << repair.error().message;
  world.repair.emplace(std::move(*repair));

  disk.fails = true;
  const auto give_all = [&] {
    return world.give(admin_chain, world.lost_blocks(), {world.receipt(world.lost.admin)});
  };
  const auto failed = give_all();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().code, ErrorCode::storage_failed);
  const RepairReport report = world.repair->report();
  EXPECT_EQ(report.staged_blocks, 1U);
  for (const RepairReport::Device& device : report.devices) EXPECT_EQ(device.false_blocks, 0U);
  disk.fails = false;
  const auto repaired = give_all();
  ASSERT_TRUE(repaired) << repaired.error().message;
  EXPECT_EQ(world.log.head().position, world.lost.log.head().position);
}

// A power cut in the middle of repair must neither lose what devices gave nor insert it twice.
TEST_F(RepairTest, GoesOnAfterACrashWhereItWas) {
  world.restore();
  ASSERT_TRUE(give_own(world.lost.admin));
  world.start();
  EXPECT_EQ(world.repair->report().staged_blocks, 3U);
  RepairBatch question;
  question.chain = admin_chain;
  const auto answer = world.repair->take(question, world.lost.now);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->head, world.lost_blocks(admin_chain).back().last())
      << "the device does not send it again";

  const auto done = give_own(world.deputy.device);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_TRUE(done->complete);
  EXPECT_EQ(world.root_at_loss(), world.lost.log.head().root);
}

// Between LogRestored and taking off the mark the power may go: it must not be said twice.
TEST_F(RepairTest, ACrashAtTheVeryEndEndsIt) {
  world.restore();
  ASSERT_TRUE(give_own(world.lost.admin));
  ASSERT_TRUE(give_own(world.deputy.device));
  const Position head = world.log.head().position;
  world.marked = true;
  world.start();
  EXPECT_FALSE(world.repair->is_under_way());
  EXPECT_FALSE(world.marked);
  EXPECT_EQ(world.log.head().position, head);
}

// A device that knows another history, from before an earlier restoring, is asked for nothing.
TEST_F(RepairTest, SamplesTellWhereADeviceGoesOn) {
  world.restore();
  RepairBatch question;
  question.chain = admin_chain;
  question.end.head = Position{40};
  const auto fingerprint = *events::fingerprint_at(world.log, world.saved);
  question.end.samples = {{world.saved, fingerprint}, {Position{40}, 7}};
  EXPECT_EQ(world.repair->take(question, world.lost.now)->head, world.saved);
  question.end.samples = {{world.saved, fingerprint + 1}, {Position{40}, 7}};
  EXPECT_EQ(world.repair->take(question, world.lost.now)->head, Position{40});
}

}  // namespace
}  // namespace server::test
