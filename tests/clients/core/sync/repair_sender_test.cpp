#include "clients/core/sync/repair_sender.h"

#include "events/packing/wire_block.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace clients_test {
namespace {

using namespace events;
using clients::RepairSender;
namespace protocol = events::protocol;

/// A device of the first commune that is in step, with work of its own and of others.
struct RepairSenderTest : testing::Test {
  ScriptedServer server;
  TestDevice device{server};

  RepairSenderTest() {
    server.world.register_citizen(0);
    server.world.register_citizen(1);
    device.sync(server);
    for (std::uint8_t salt = 1; salt <= 3; ++salt) {
      const auto requests = device.registration(server, salt);
      EXPECT_TRUE(device.workspace->record_together(requests, server.world.now()));
      device.sync(server);
      server.world.register_citizen(0);
    }
    device.sync(server);
  }

  /// Everything above `after`, batch by batch, as the server answers.
  std::vector<StoredBlock> give(RepairSender& giving, Position after,
                                std::vector<PrivateRecord>* records = nullptr) {
    std::vector<StoredBlock> blocks;
    for (int repair_batches = 0; repair_batches < 1000 && !giving.is_over(); ++repair_batches) {
      const auto frames = giving.repair_batch(after);
      EXPECT_TRUE(frames) << frames.error().message;
      for (const protocol::Message& frame : *frames) {
        if (const auto* const recover = std::get_if<protocol::Recover>(&frame)) {
          blocks.push_back(*unpack_stored_block(recover->block));
        }
        const auto* const names = std::get_if<protocol::PrivateRecords>(&frame);
        if (names != nullptr && records != nullptr) {
          records->insert(records->end(), names->records.begin(), names->records.end());
        }
      }
      after = std::get<protocol::Reconcile>(frames->back()).head;
    }
    EXPECT_TRUE(giving.is_over());
    return blocks;
  }
};

// A block that differs in one byte from what the log had proves nothing, and is lost with the
// server.
TEST_F(RepairSenderTest, GivesEveryBlockOfItsScopeAsTheLogHadIt) {
  std::vector<Bytes> expected;
  for (const StoredBlock& block : server.blocks()) {
    if (server.scope.includes(block.scope)) expected.push_back(encode_stored_block(block));
  }
  RepairSender giving(*device.replica, Position{});
  std::vector<PrivateRecord> records;
  const std::vector<StoredBlock> given = give(giving, Position{}, &records);
  ASSERT_EQ(given.size(), expected.size());
  for (std::size_t index = 0; index < given.size(); ++index) {
    EXPECT_EQ(encode_stored_block(given[index]), expected[index])
        << "position " << given[index].first.value << ", chain " << given[index].chain.value;
  }
  EXPECT_GE(records.size(), 3U) << "the names of its own citizens";
}

// Weeks without contact end a lease, and a restored server has the names from nobody else.
TEST_F(RepairSenderTest, GivesTheNamesAlsoWhenTheLeaseIsOver) {
  std::vector<PrivateRecord> all;
  RepairSender before(*device.replica, Position{});
  give(before, Position{}, &all);
  ASSERT_FALSE(all.empty());
  device.replica->hide_privates(true);
  std::vector<PrivateRecord> given;
  RepairSender giving(*device.replica, Position{});
  give(giving, Position{}, &given);
  EXPECT_EQ(given.size(), all.size());
}

// On a line of 64 kbit/s each block that the server has already costs a second.
TEST_F(RepairSenderTest, GoesOnWhereTheServerSaysAndGivesNamesOnlyOfWhatItHas) {
  const Position head = server.blocks().back().last();
  RepairSender from_the_start(*device.replica, Position{});
  const std::vector<StoredBlock> all = give(from_the_start, Position{});
  ASSERT_GT(all.size(), 3U);
  RepairSender later(*device.replica, Position{});
  const std::vector<StoredBlock> rest = give(later, all[all.size() - 3].last());
  ASSERT_EQ(rest.size(), 2U);
  EXPECT_EQ(rest[0].first, all[all.size() - 2].first);

  RepairSender repaired(*device.replica, head);
  std::vector<PrivateRecord> records;
  const std::vector<StoredBlock> named = give(repaired, Position{}, &records);
  EXPECT_LT(named.size(), all.size());
  EXPECT_FALSE(named.empty());
  EXPECT_GE(records.size(), 3U);
}

// The server asks again from where it stands when a batch brought it no block; more blocks that
// it has than one batch names would be offered for ever.
TEST_F(RepairSenderTest, StepsOverManyBlocksThatTheServerHas) {
  for (int more = 0; more < 40; ++more) {
    server.world.register_citizen(0);
    device.sync(server);
  }
  clients::StoreChange nameless;
  nameless.erased = *device.replica->store().private_digests();
  ASSERT_TRUE(device.replica->store().commit(nameless));
  ASSERT_GT(device.replica->foreign().size(), protocol::recovered_blocks_max);
  RepairSender giving(*device.replica, server.blocks().back().last());
  for (int repair_batches = 0; repair_batches < 20 && !giving.is_over(); ++repair_batches) {
    const auto frames = giving.repair_batch(Position{});
    ASSERT_TRUE(frames);
    EXPECT_EQ(frames->size(), 1U) << "nothing but RECONCILE";
  }
  EXPECT_TRUE(giving.is_over());
}

// The answer was lost with the server: others give back the block, and only its author has the
// name in it.
TEST_F(RepairSenderTest, GivesTheNamesOfEventsThatWereSentAndNeverAnswered) {
  const auto requests = device.registration(server, 9);
  ASSERT_TRUE(device.workspace->record_together(requests, server.world.now()));
  const std::uint64_t known = device.replica->own().verdicts_known();
  {
    RepairSender unsent(*device.replica, Position{});
    std::vector<PrivateRecord> records;
    give(unsent, server.blocks().back().last(), &records);
    EXPECT_TRUE(records.empty()) << "nobody can have these";
  }
  clients::SyncEngine engine(*device.replica, false);
  engine.go_on(std::nullopt);
  ASSERT_TRUE(engine.start(server.world.now(), {}));
  ASSERT_GT(device.replica->own().sent_upto(), known);

  RepairSender giving(*device.replica, Position{});
  std::vector<PrivateRecord> records;
  EXPECT_TRUE(give(giving, server.blocks().back().last(), &records).empty());
  EXPECT_FALSE(records.empty());
}

// A line out of order may bring the last blocks behind the RECONCILE of their batch.  With the
// word that nothing more comes repair would end without them, and without the names in them.
TEST_F(RepairSenderTest, SaysThatNothingMoreComesOnlyBehindTheAnswerToTheLastBatch) {
  RepairSender giving(*device.replica, Position{});
  Position after;
  bool gave = false;
  for (int repair_batches = 0; repair_batches < 100 && !giving.is_over(); ++repair_batches) {
    const auto frames = giving.repair_batch(after);
    ASSERT_TRUE(frames);
    const auto& end = std::get<protocol::Reconcile>(frames->back());
    EXPECT_EQ(end.complete, giving.is_over());
    EXPECT_EQ(end.complete, frames->size() == 1) << "it stands alone";
    gave = gave || frames->size() > 1;
    after = end.head;
  }
  EXPECT_TRUE(gave);
  EXPECT_TRUE(giving.is_over());
}

// A server whose staging area is full would be offered the same blocks without end.
TEST_F(RepairSenderTest, EndsAlsoWhenTheServerTakesNothing) {
  RepairSender giving(*device.replica, Position{});
  int repair_batches = 0;
  while (repair_batches < 10 && !giving.is_over()) {
    ASSERT_TRUE(giving.repair_batch(Position{}));
    ++repair_batches;
  }
  EXPECT_TRUE(giving.is_over());
  EXPECT_EQ(repair_batches, 2);
}

// What came live has no proof here yet, so its author gives the block; the name in it may be on
// this device alone.
TEST_F(RepairSenderTest, GivesTheNamesOfLiveBlocksWithoutProofAndNotTheBlocks) {
  const Position before = server.blocks().back().last();
  PrivateRecord record;
  record.salt.fill(7);
  append_bytes(record.bytes, bytes_of("Lò Thị Ánh"));
  PersonIntroduced person;
  person.home_unit = server.commune().hamlets[0];
  person.gender = Gender::female;
  person.age_band = AgeBand::from_35_to_44;
  person.private_digest = record.digest();
  server.world.append(
      {.chain = server.commune().devices[1], .by = server.commune().entrant, .payload = person});
  std::vector<PrivateRecord> named{record};
  std::size_t live = 0;
  for (const StoredBlock& block : server.blocks()) {
    if (block.first <= before || !server.scope.includes(block.scope)) continue;
    const Bytes packed = *pack_live_block(block);
    auto unpacked = unpack_live_block(packed, block.log, block.epoch);
    ASSERT_TRUE(unpacked);
    ASSERT_TRUE(device.replica->take_privates(std::exchange(named, {})));
    ASSERT_TRUE(device.replica->take_live(std::move(*unpacked), packed));
    ++live;
  }
  ASSERT_GT(live, 0U);
  ASSERT_EQ(device.replica->unproved_count(), live);
  RepairSender giving(*device.replica, before);
  std::vector<PrivateRecord> records;
  EXPECT_TRUE(give(giving, before, &records).empty());
  ASSERT_EQ(records.size(), 1U) << "once, however many batches there are";
  EXPECT_EQ(records[0].digest(), record.digest());
}

// Without a place that both sides know a device of another history would send all it has.
TEST_F(RepairSenderTest, AsksWithSamplesCloseTogetherAtTheEnd) {
  const RepairSender giving(*device.replica, Position{});
  const protocol::Reconcile question = giving.question();
  EXPECT_FALSE(question.complete);
  ASSERT_FALSE(question.samples.empty());
  EXPECT_LE(question.samples.size(), protocol::log_samples_max);
  EXPECT_EQ(question.head, question.samples.back().position);
  for (const protocol::LogSample& sample : question.samples) {
    const auto block = std::ranges::find(server.blocks(), sample.position, &StoredBlock::last);
    ASSERT_NE(block, server.blocks().end()) << "a sample inside a block";
    EXPECT_EQ(sample.fingerprint, fingerprint_of(block->root_after));
  }
}

}  // namespace
}  // namespace clients_test
