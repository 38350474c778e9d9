#include "events/packing/wire_block.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using events::ErrorCode;
using protocol::WelcomeAction;

/// The last block of a log.
events::StoredBlock last_block(const events::EventLog& log) {
  return *events::decode_stored_block(**log.block_at(log.head().position));
}

// A device that was told log_diverged would drop the receipts with which it can prove what was
// lost.
TEST(RepairSession, AsksBeforeItLooksAtTheCursor) {
  FoundedLog founded;
  founded.begin_repair();
  Wire wire(founded);
  protocol::Hello hello = a_hello(founded.admin);
  hello.cursor = {events::Epoch{1}, events::Position{900}, 77};
  hello.verdicts_known = 0;
  wire.send(signed_by(founded.admin, hello));
  const auto received = wire.receive();
  ASSERT_EQ(all_of<protocol::Welcome>(received).size(), 1U);
  EXPECT_EQ(all_of<protocol::Welcome>(received)[0].action, WelcomeAction::repair);
  EXPECT_TRUE(all_of<protocol::Events>(received).empty()) << "it knows another history";
  EXPECT_TRUE(all_of<protocol::ScopeGrant>(received).empty())
      << "with the roles of the backup it would destroy what it may hold";
}

// Whoever cannot prove that it is the device could fill the staging area in its name.
TEST(RepairSession, TakesNoGreetingOfAnotherKey) {
  FoundedLog founded;
  founded.begin_repair();
  Wire wire(founded);
  protocol::Hello hello = a_hello(founded.admin);
  hello.signature = test_support::a_key(9).sign(protocol::hello_statement(hello));
  wire.send(hello);
  EXPECT_EQ(error_of(wire.receive()), ErrorCode::bad_signature);
}

// A tablet that was enrolled after the backup is unknown to the restored log and may hold all that
// was lost; anybody may name an unknown chain, and the server must live on.
TEST(RepairSession, AStrangerIsAskedLikeTheOthersAndCanDoNothingElse) {
  FoundedLog founded;
  founded.begin_repair();
  Wire wire(founded);
  protocol::Hello hello = a_hello(founded.admin);
  hello.chain = events::ChainNumber{99};
  wire.send(signed_by(founded.admin, hello));
  wire.send(protocol::Purged{});
  const auto received = wire.receive();
  ASSERT_EQ(all_of<protocol::Welcome>(received).size(), 1U);
  EXPECT_EQ(all_of<protocol::Welcome>(received)[0].action, WelcomeAction::repair);
  EXPECT_EQ(error_of(received), ErrorCode{});
  EXPECT_EQ(founded.log.head().position, events::Position{4});
}

// Proofs and totals of a log are for its devices: anybody may name an unknown chain.
TEST(RepairSession, AStrangerLearnsNothingOfTheLog) {
  protocol::Subscribe totals;
  totals.mode = protocol::SummaryMode::totals;
  const protocol::Message questions[] = {protocol::Prove{{events::Position{1}}}, totals,
                                         protocol::SnapWant{}};
  for (const protocol::Message& question : questions) {
    FoundedLog founded;
    founded.begin_repair();
    Wire wire(founded);
    protocol::Hello hello = a_hello(founded.admin);
    hello.chain = events::ChainNumber{99};
    wire.send(signed_by(founded.admin, hello));
    wire.receive();
    wire.send(question);
    wire.answer(wire.session().on_time(founded.now));
    const auto received = wire.receive();
    EXPECT_EQ(error_of(received), ErrorCode::busy);
    EXPECT_EQ(received.size(), 1U);
  }
}

// What goes behind the greeting must come again later, and must not be taken for an error.
TEST(RepairSession, AnswersPushesBusyAndStaysOpen) {
  FoundedLog founded;
  founded.begin_repair();
  Wire wire(founded);
  founded.add_commune("Xã Nà Tấu");
  const events::DeviceBlock block = founded.admin.sign();
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  wire.send(protocol::Push{founded.now, events::pack_block(block)});
  const auto received = wire.receive();
  const auto naks = all_of<protocol::PushNak>(received);
  ASSERT_EQ(naks.size(), 1U);
  EXPECT_EQ(naks[0].reason, ErrorCode::busy);
  EXPECT_EQ(error_of(received), ErrorCode{});
  EXPECT_EQ(founded.log.head().position, events::Position{4});
}

// A block comes back from whoever has it, perhaps without the names in it: a clerk who reads it
// then would never get them.  Associations, which follow totals, go on reading.
TEST(RepairSession, NobodyReadsEventsBeforeTheirNamesCanHaveCome) {
  TwoCommunes world;
  world.begin_repair();
  Wire wire(world);
  protocol::Hello hello = a_hello(world.association);
  hello.scope_digest = protocol::scope_digest_of(
      world.pipeline.admit(world.association.chain(), world.now)->rights.scope);
  wire.send(signed_by(world.association, hello));
  const auto received = wire.receive();
  EXPECT_TRUE(all_of<protocol::Events>(received).empty());
  EXPECT_TRUE(all_of<protocol::Mark>(received).empty()) << "nothing says that it is caught up";

  protocol::Subscribe totals;
  totals.mode = protocol::SummaryMode::totals;
  totals.interval_seconds = 1;
  wire.send(totals);
  wire.answer(wire.session().on_time(world.now));
  EXPECT_EQ(all_of<protocol::Totals>(wire.receive()).size(), 1U);
}

// A device cannot write into a log that lacks nothing.
TEST(RepairSession, ALogThatLacksNothingTakesNothingBack) {
  FoundedLog founded;
  for (const bool asks : {true, false}) {
    Wire wire(founded);
    wire.send(signed_by(founded.admin, a_hello(founded.admin)));
    wire.receive();
    if (asks) {
      wire.send(protocol::Reconcile{});
    } else {
      wire.send(protocol::Recover{events::encode_stored_block(last_block(founded.log))});
    }
    EXPECT_EQ(error_of(wire.receive()), ErrorCode::not_permitted);
  }
}

// A batch that never ends would grow in the server's memory.
TEST(RepairSession, ABatchHasBounds) {
  FoundedLog founded;
  founded.begin_repair();
  Wire wire(founded);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  const protocol::Recover recover{events::encode_stored_block(last_block(founded.log))};
  for (std::size_t sent = 0; sent < protocol::recovered_blocks_max; ++sent) wire.send(recover);
  EXPECT_EQ(error_of(wire.receive()), ErrorCode{});
  wire.send(recover);
  EXPECT_EQ(error_of(wire.receive()), ErrorCode::too_large);

  Wire another(founded, 2);
  another.send(signed_by(founded.admin, a_hello(founded.admin)));
  another.send(protocol::Recover{{0xFF, 0x01}});
  EXPECT_NE(error_of(another.receive()), ErrorCode{}) << "bytes that are no block";
}

}  // namespace
}  // namespace server::test
