#include "server/session/puller.h"

#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace server::test {
namespace {

// What a scoped reader gets must be exactly its part of the log, and a reader that comes back gets
// only what is new.
TEST(Puller, PullsTheReadersPartAndResumesAtItsCursor) {
  TwoCommunes world;
  world.introduce(world.first, 21);
  world.introduce(world.second, 22);
  world.push_admin();
  Wire wire(world);
  wire.send(signed_by(world.clerk, a_hello(world.clerk)));
  const auto received = wire.receive();
  const auto blocks = all_of<protocol::Events>(received);
  ASSERT_FALSE(blocks.empty());
  for (const protocol::Events& frame : blocks) {
    const auto block = events::unpack_stored_block(frame.block);
    ASSERT_TRUE(block);
    EXPECT_FALSE(block->scope.contains(world.second));
  }
  const auto marks = all_of<protocol::Mark>(received);
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_EQ(marks[0].upto.position, world.log.head().position);

  world.introduce(world.first, 23);
  world.push_admin();
  protocol::Hello hello = a_hello(world.clerk);
  hello.cursor = marks[0].upto;
  hello.scope_digest = protocol::scope_digest_of(all_of<protocol::Welcome>(received).at(0).scope);
  Wire again(world, 2);
  again.send(signed_by(world.clerk, hello));
  const auto resumed = again.receive();
  EXPECT_EQ(all_of<protocol::Welcome>(resumed).at(0).action, protocol::WelcomeAction::proceed);
  EXPECT_EQ(all_of<protocol::Events>(resumed).size(), 1U);
}

// Names leave the commune only where somebody needs them: a district counts, it does not read.
TEST(Puller, HandsPrivateRecordsOnlyToThoseWhoMayReadThem) {
  TwoCommunes world;
  world.introduce(world.first, 31);
  world.introduce(world.second, 32);
  world.push_admin();

  Wire clerk(world);
  clerk.send(signed_by(world.clerk, a_hello(world.clerk)));
  const auto for_clerk = clerk.receive();
  std::size_t records = 0;
  for (const auto& frame : all_of<protocol::PrivateRecords>(for_clerk)) {
    records += frame.records.size();
  }
  EXPECT_EQ(records, 2U);  // The clerk herself and the newcomer of her commune.
  bool record_was_first = false;
  for (const protocol::Message& message : for_clerk) {
    if (std::holds_alternative<protocol::PrivateRecords>(message)) record_was_first = true;
    const auto* const frame = std::get_if<protocol::Events>(&message);
    if (frame == nullptr) continue;
    const auto block = events::unpack_stored_block(frame->block);
    if (block->scope.contains(world.first)) {
      EXPECT_TRUE(std::exchange(record_was_first, false));
    }
  }

  Wire association(world, 2);
  association.send(signed_by(world.association, a_hello(world.association)));
  const auto for_association = association.receive();
  EXPECT_TRUE(all_of<protocol::PrivateRecords>(for_association).empty());
  EXPECT_FALSE(all_of<protocol::Events>(for_association).empty());
}

// Somebody moved to another commune: what the device holds is no longer what it may hold.
TEST(Puller, RestartsThePullWhenTheScopeIsAnother) {
  TwoCommunes world;
  Wire wire(world);
  wire.send(signed_by(world.clerk, a_hello(world.clerk)));
  const auto marks = all_of<protocol::Mark>(wire.receive());
  protocol::Hello hello = a_hello(world.clerk);
  hello.cursor = marks.at(0).upto;
  hello.scope_digest = 4711;
  Wire again(world, 2);
  again.send(signed_by(world.clerk, hello));
  const auto received = again.receive();
  EXPECT_EQ(all_of<protocol::Welcome>(received).at(0).action,
            protocol::WelcomeAction::restart_pull);
  EXPECT_FALSE(all_of<protocol::Events>(received).empty());
}

// Own events come back as receipts, before anything that the log ordered after them.
TEST(Puller, GivesOwnEventsAsReceiptsInTheirPlace) {
  TwoCommunes world;
  events::PersonIntroduced person;
  person.home_unit = world.first;
  world.clerk.create(person, events::PersonId{}, events::RoleGrantId{});
  const events::DeviceBlock sent = world.clerk.sign();
  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  wire.receive();
  EXPECT_TRUE(wire.session().wants_wake());

  // Committed through a connection that died; this one hears of it only from the log.
  ack_of(world.commit(sent, world.clerk));
  world.introduce(world.first, 41);
  world.push_admin();
  const auto received = wire.receive();
  const auto is_ack = [](const protocol::Message& message) {
    return std::holds_alternative<protocol::PushAck>(message);
  };
  const auto is_block = [](const protocol::Message& message) {
    return std::holds_alternative<protocol::Live>(message);
  };
  const auto ack = std::ranges::find_if(received, is_ack);
  const auto block = std::ranges::find_if(received, is_block);
  ASSERT_NE(ack, received.end());
  ASSERT_NE(block, received.end());
  EXPECT_LT(ack, block);
}

// On a line of 64 kbit/s the proof would take three times as long as what happened.
TEST(Puller, SendsLiveBlocksToAReaderAtTheHeadAndTheirProofsWhenAsked) {
  TwoCommunes world;
  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  EXPECT_TRUE(all_of<protocol::Live>(wire.receive()).empty()) << "what is old comes whole";

  world.introduce(world.first, 51);
  world.introduce(world.second, 52);
  world.push_admin();
  const auto received = wire.receive();
  const auto blocks = all_of<protocol::Live>(received);
  ASSERT_EQ(blocks.size(), 1U) << "of its own commune only";
  EXPECT_TRUE(all_of<protocol::Events>(received).empty());
  const events::LiveBlock live =
      events::unpack_live_block(blocks[0].block, the_log, world.log.head().epoch).value();

  protocol::Prove prove;
  prove.blocks = {live.block.first, world.log.head().position};  // The second is not its to see.
  wire.send(prove);
  const auto proofs = all_of<protocol::Proofs>(wire.receive());
  ASSERT_EQ(proofs.size(), 1U);
  ASSERT_EQ(proofs[0].proofs.size(), 1U);
  const auto whole = events::prove(live, proofs[0].proofs[0]);
  ASSERT_TRUE(whole);
  EXPECT_EQ(events::encode_stored_block(*whole), *world.log.block_at(live.block.first).value());
}

// A run that names two communes is cut between them, and its signature stands in the part of the
// other one: without it the reader could not tell the author's words from the server's.
TEST(Puller, BringsTheSignatureOfARunThatEndsElsewhereBeforeTheMark) {
  TwoCommunes world;
  world.introduce(world.first, 61);
  world.introduce(world.second, 62);
  world.push_admin();
  Wire wire(world);
  wire.send(signed_by(world.clerk, a_hello(world.clerk)));
  const auto received = wire.receive();
  const auto proofs = all_of<protocol::Proofs>(received);
  ASSERT_FALSE(proofs.empty());
  bool has_rest = false;
  for (const protocol::Proofs& frame : proofs) {
    for (const events::BlockProof& proof : frame.proofs) {
      const auto block = events::decode_stored_block(**world.log.block_at(proof.first));
      ASSERT_TRUE(block);
      EXPECT_FALSE(block->run) << "only what is open needs one";
      EXPECT_TRUE(events::check_run(*block, proof, world.admin.key().public_key()));
      has_rest = has_rest || !proof.tail.empty();
    }
  }
  EXPECT_TRUE(has_rest);
  EXPECT_TRUE(std::holds_alternative<protocol::Mark>(received.back()));
}

// What the reader must have received is said under the log's key, so that a position that is kept
// from it shows.
TEST(Puller, SignsTheHeadAndTheSumOfTheReadersScope) {
  TwoCommunes world;
  for (const TestDevice* device : {&world.clerk, &world.association}) {
    Wire wire(world, device->chain().value);
    wire.send(signed_by(*device, a_hello(*device)));
    const auto received = wire.receive();
    const auto marks = all_of<protocol::Mark>(received);
    ASSERT_FALSE(marks.empty());
    ASSERT_TRUE(marks.back().head);
    const auto scope = all_of<protocol::Welcome>(received).at(0).scope;
    const protocol::HeadProof& proof = *marks.back().head;
    const events::LogHead head = world.log.head();
    EXPECT_EQ(proof.root, head.root);
    EXPECT_EQ(proof.sum, *events::reader_sum_at(world.log, scope, head.position));
    protocol::SignedHead statement{head.log,   head.epoch, device->chain(), head.position,
                                   proof.root, proof.sum,  proof.signature};
    EXPECT_TRUE(is_authentic(statement, test_support::a_key(1).public_key()));
    statement.sum.events += 1;
    EXPECT_FALSE(is_authentic(statement, test_support::a_key(1).public_key()));
  }
}

// A reader that was told it is at the head must be; one that is not must hear of the rest.
TEST(Puller, SaysWithALiveBlockWhetherItIsTheHead) {
  TwoCommunes world;
  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  wire.receive();
  world.introduce(world.first, 53);
  world.push_admin();
  const auto at_head = wire.receive();
  ASSERT_EQ(all_of<protocol::Live>(at_head).size(), 1U);
  EXPECT_TRUE(all_of<protocol::Live>(at_head)[0].caught_up);
  EXPECT_TRUE(all_of<protocol::Mark>(at_head).empty()) << "the block says it";

  world.introduce(world.first, 54);
  world.push_admin();
  world.introduce(world.second, 55);
  world.push_admin();
  const auto behind = wire.receive();
  ASSERT_EQ(all_of<protocol::Live>(behind).size(), 1U);
  EXPECT_FALSE(all_of<protocol::Live>(behind)[0].caught_up);
  ASSERT_EQ(all_of<protocol::Mark>(behind).size(), 1U);
  EXPECT_TRUE(all_of<protocol::Mark>(behind)[0].caught_up);
}

// A line of 64 kbit/s is not to carry a receipt twice because the pull saw the commit first.
TEST(Puller, WaitsForTheAnswerOfAPushUnderWay) {
  FoundedLog founded;
  protocol::Hello hello = a_hello(founded.admin);
  hello.live = true;
  Wire wire(founded);
  wire.send(signed_by(founded.admin, hello));
  wire.receive();
  founded.add_commune("Xã Nà Tấu");
  Requests requests = wire.session().on_message(a_push(founded.admin.sign()), founded.now);
  std::vector<PushedRun> runs;
  runs.push_back(std::move(std::get<SubmitRun>(requests.at(0)).run));
  const auto outcomes = founded.commit(std::move(runs));
  EXPECT_TRUE(wire.receive().empty());
  wire.session().on_committed(outcomes.at(0), founded.now);
  const auto received = wire.receive();
  EXPECT_EQ(all_of<protocol::PushAck>(received).size(), 1U);
  EXPECT_EQ(all_of<protocol::Mark>(received).size(), 1U);
}

}  // namespace
}  // namespace server::test
