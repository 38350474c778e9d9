#include "server/session/sync_session.h"

#include "events/protocol/greeting_proof.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace server::test {
namespace {

using events::ErrorCode;

// ---- greeting ----

TEST(SyncSession, WelcomesADeviceAndTellsItWhatIsAccepted) {
  FoundedLog founded;
  founded.add_commune("Xã Nà Tấu");
  founded.commit(founded.admin.sign(), founded.admin);
  Wire wire(founded);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  const auto received = wire.receive();
  const auto welcomes = all_of<protocol::Welcome>(received);
  ASSERT_EQ(welcomes.size(), 1U);
  EXPECT_EQ(welcomes[0].accepted_seq, 1U);
  EXPECT_EQ(welcomes[0].accepted_hash, founded.admin.head());
  EXPECT_EQ(welcomes[0].head, events::Position{5});
  EXPECT_TRUE(welcomes[0].scope.whole_log);
  EXPECT_EQ(welcomes[0].action, protocol::WelcomeAction::proceed);
  const auto marks = all_of<protocol::Mark>(received);
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_TRUE(marks[0].caught_up);
  EXPECT_EQ(marks[0].upto.position, events::Position{5});
}

// A greeting that travelled over one TLS connection must be of no use on another.
TEST(SyncSession, TakesOnlyGreetingsBoundToItsOwnTlsConnection) {
  FoundedLog founded;
  const TestDevice& device = founded.admin;
  protocol::ChannelBinding ours;
  ours.bytes.fill(1);
  protocol::ChannelBinding theirs;
  theirs.bytes.fill(2);
  const auto answer = [&](const std::optional<protocol::ChannelBinding>& connection,
                          const std::optional<protocol::ChannelBinding>& signed_for) {
    Wire wire(founded);
    wire.session().bind_to(connection);
    protocol::Hello hello = a_hello(device);
    protocol::sign(hello, device.key(), signed_for);
    wire.send(hello);
    return error_of(wire.receive());
  };
  EXPECT_EQ(answer(ours, ours), ErrorCode{});
  EXPECT_EQ(answer(ours, theirs), ErrorCode::bad_signature);
  EXPECT_EQ(answer(ours, std::nullopt), ErrorCode::bad_signature);
  EXPECT_EQ(answer(std::nullopt, ours), ErrorCode::unsupported);
  EXPECT_EQ(answer(std::nullopt, std::nullopt), ErrorCode{});
}

// Each refusal tells the device what to do: enrol again, ask the administrator, or stop.
TEST(SyncSession, RefusesGreetingsWithTheirReason) {
  FoundedLog founded;
  founded.add_commune("Xã Nà Tấu");
  founded.commit(founded.admin.sign(), founded.admin);
  const TestDevice& device = founded.admin;
  const auto refusal = [&](const protocol::Hello& hello) {
    Wire wire(founded);
    wire.send(hello);
    const ErrorCode code = error_of(wire.receive());
    EXPECT_TRUE(wire.session().is_closing());
    return code;
  };
  // What makes a device drop something is signed.
  const auto action = [&](const protocol::Hello& hello) {
    Wire wire(founded);
    wire.send(hello);
    const auto received = wire.receive();
    EXPECT_TRUE(wire.session().is_closing());
    EXPECT_EQ(received.size(), 1U);
    const auto welcome = all_of<protocol::Welcome>(received).at(0);
    EXPECT_TRUE(protocol::is_authentic(welcome, founded.pipeline.server_key(),
                                       protocol::greeting_digest(hello), std::nullopt));
    return welcome.action;
  };
  protocol::Hello hello = a_hello(device);
  EXPECT_EQ(refusal(hello), ErrorCode::bad_signature);

  hello = a_hello(device);
  hello.log = events::LogId{7};
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::wrong_log);

  hello = a_hello(device);
  hello.chain = events::ChainNumber{77};
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::not_enrolled);

  hello = a_hello(device);
  hello.chain = events::system_chain;
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::not_permitted);

  hello = a_hello(device);
  hello.cursor = {events::Epoch{1}, events::Position{5}, 4711};
  EXPECT_EQ(action(signed_by(device, hello)), protocol::WelcomeAction::diverged);

  hello = a_hello(device);
  hello.cursor = {events::Epoch{1}, events::Position{500}, 4711};
  EXPECT_EQ(action(signed_by(device, hello)), protocol::WelcomeAction::diverged);

  hello = a_hello(device);
  hello.head_hash = test_support::a_digest(9);
  EXPECT_EQ(action(signed_by(device, hello)), protocol::WelcomeAction::forked);

  hello = a_hello(device);
  hello.verdicts_known = 2;  // The log has forgotten what it once answered.
  EXPECT_EQ(action(signed_by(device, hello)), protocol::WelcomeAction::diverged);
}

TEST(SyncSession, WantsAGreetingFirstAndOnlyOne) {
  FoundedLog founded;
  {
    Wire wire(founded);
    founded.add_commune("Xã Nà Tấu");
    wire.send(a_push(founded.admin.sign()));
    EXPECT_EQ(error_of(wire.receive()), ErrorCode::not_permitted);
  }
  Wire wire(founded);
  const protocol::Hello hello = signed_by(founded.admin, a_hello(TestDevice(admin_chain, 2)));
  wire.send(hello);
  wire.receive();
  wire.send(hello);
  EXPECT_EQ(error_of(wire.receive()), ErrorCode::not_permitted);
  EXPECT_EQ(founded.log.head().position.value, 4U);
}

TEST(SyncSession, AnswersBytesThatAreNoFramesAndCloses) {
  FoundedLog founded;
  Wire wire(founded);
  wire.send_bytes({0xFF, 0x00});
  EXPECT_EQ(error_of(wire.receive()), ErrorCode::unsupported);
  EXPECT_TRUE(wire.session().is_closing());
}

// ---- enrolling ----

TEST(SyncSession, EnrolsAndThenGreetsOnOneConnection) {
  FoundedLog founded;
  Wire wire(founded);
  wire.send(a_founding_enrolment(founded.admin.key()));
  const auto enrolled = all_of<protocol::Enrolled>(wire.receive());
  ASSERT_EQ(enrolled.size(), 1U);
  EXPECT_EQ(enrolled[0].chain, admin_chain);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  EXPECT_EQ(all_of<protocol::Welcome>(wire.receive()).size(), 1U);
}

// A code has 80 bits, but a connection that guesses is not to be served for ever.
TEST(SyncSession, ClosesAfterThreeWrongCodes) {
  FoundedLog founded;
  Wire wire(founded);
  const auto guess = an_enrolment("0000000000000000", test_support::a_key(5));
  for (int attempt = 1; attempt <= protocol::enrolment_attempts_max; ++attempt) {
    EXPECT_FALSE(wire.session().is_closing());
    wire.send(guess);
    EXPECT_EQ(error_of(wire.receive()), ErrorCode::enrolment_refused);
  }
  EXPECT_TRUE(wire.session().is_closing());
}

TEST(SyncSession, RefusesAnEnrolmentThatItsKeyDidNotSign) {
  FoundedLog founded;
  Wire wire(founded);
  protocol::Enrol enrol = a_founding_enrolment(founded.admin.key());
  enrol.label = "another";
  wire.send(enrol);
  EXPECT_EQ(error_of(wire.receive()), ErrorCode::bad_signature);
}

// ---- pushing ----

TEST(SyncSession, AcknowledgesAPushAndKeepsTheConnectionAfterANak) {
  FoundedLog founded;
  Wire wire(founded);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  wire.receive();
  founded.add_commune("Xã Nà Tấu");
  events::DeviceBlock block = founded.admin.sign();
  events::DeviceBlock forged = block;
  forged.signature.bytes[0] ^= 1U;

  wire.send(a_push(forged));
  const auto naks = all_of<protocol::PushNak>(wire.receive());
  ASSERT_EQ(naks.size(), 1U);
  EXPECT_EQ(naks[0].reason, ErrorCode::bad_signature);
  EXPECT_EQ(naks[0].expected_seq, 1U);
  EXPECT_FALSE(wire.session().is_closing());

  wire.send(a_push(block));
  const auto acks = all_of<protocol::PushAck>(wire.receive());
  ASSERT_EQ(acks.size(), 1U);
  EXPECT_EQ(acks[0].upto_seq, 1U);
}

// Of the chain hash only the beginning travels: a cloned tablet must be told what it is, and a
// device that lost an answer where to go on.
TEST(SyncSession, TellsAForkAndAGapFromABadSignature) {
  FoundedLog founded;
  Wire wire(founded);
  wire.send(signed_by(founded.admin, a_hello(founded.admin)));
  wire.receive();
  std::vector<events::DeviceBlock> blocks;
  for (const char* name : {"Xã Nà Tấu", "Xã Mường Phăng", "Xã Pá Khoang"}) {
    founded.add_commune(name);
    blocks.push_back(founded.admin.sign());
  }
  wire.send(a_push(blocks[0]));
  EXPECT_EQ(all_of<protocol::PushAck>(wire.receive()).size(), 1U);

  events::DeviceBlock forked = blocks[1];
  forked.previous.bytes[0] ^= 1U;
  const std::pair<events::DeviceBlock, ErrorCode> wrong[] = {{forked, ErrorCode::fork},
                                                             {blocks[2], ErrorCode::gap}};
  for (const auto& [block, reason] : wrong) {
    wire.send(a_push(block));
    const auto naks = all_of<protocol::PushNak>(wire.receive());
    ASSERT_EQ(naks.size(), 1U);
    EXPECT_EQ(naks[0].reason, reason);
    EXPECT_EQ(naks[0].first_seq, block.first_seq);
    EXPECT_EQ(naks[0].expected_seq, 2U);
  }
  // Again from the beginning, as after a cut: what is there is answered with its first receipts.
  for (const events::DeviceBlock& block : blocks) wire.send(a_push(block));
  const auto acks = all_of<protocol::PushAck>(wire.receive());
  ASSERT_FALSE(acks.empty());
  EXPECT_EQ(acks.back().upto_seq, 3U);
}

// HELLO and PUSH travel in one message: the push must wait for the welcome, not be lost.
TEST(SyncSession, TakesPushesThatCameRightBehindTheGreeting) {
  FoundedLog founded;
  const protocol::Hello hello = signed_by(founded.admin, a_hello(founded.admin));
  founded.add_commune("Xã Nà Tấu");
  events::Bytes both = protocol::encode_frame(hello);
  protocol::append_frame(both, a_push(founded.admin.sign()));
  Wire wire(founded);
  wire.send_bytes(both);
  const auto received = wire.receive();
  ASSERT_GE(received.size(), 2U);
  EXPECT_TRUE(std::holds_alternative<protocol::Welcome>(received[0]));
  EXPECT_TRUE(std::holds_alternative<protocol::PushAck>(received[1]));
}

// A log thread that is behind must not make the server keep everything a device can send.
TEST(SyncSession, StopsReadingWithEightRunsInFlight) {
  FoundedLog founded;
  PackedBlocks packed;
  SyncSession session(founded.log, founded.private_store, packed, 1);
  session.on_message(signed_by(founded.admin, a_hello(founded.admin)), founded.now);
  EXPECT_FALSE(session.wants_input());
  session.on_admitted(founded.pipeline.admit(admin_chain, founded.now), founded.now);
  std::vector<PushedRun> waiting;
  for (std::size_t count = 0; count < runs_in_flight_max + 2; ++count) {
    founded.add_commune("Xã " + std::to_string(count));
    for (Request& request : session.on_message(a_push(founded.admin.sign()), founded.now)) {
      waiting.push_back(std::move(std::get<SubmitRun>(request).run));
    }
  }
  EXPECT_EQ(waiting.size(), runs_in_flight_max);
  EXPECT_FALSE(session.wants_input());
  const auto outcomes = founded.commit(std::move(waiting));
  EXPECT_EQ(session.on_committed(outcomes[0], founded.now).size(), 1U);
  EXPECT_EQ(session.on_committed(outcomes[1], founded.now).size(), 1U);
  EXPECT_FALSE(session.wants_input());
  session.on_committed(outcomes[2], founded.now);
  EXPECT_TRUE(session.wants_input());
}

// The acknowledgement was lost with the connection; the device must learn its verdicts all the
// same.
TEST(SyncSession, SendsReceiptsAgainThatTheDeviceDoesNotKnow) {
  FoundedLog founded;
  founded.add_commune("Xã Nà Tấu");
  founded.commit(founded.admin.sign(), founded.admin);
  founded.add_commune("Xã Nà Nhạn");
  founded.commit(founded.admin.sign(), founded.admin);
  protocol::Hello hello = a_hello(founded.admin);
  hello.verdicts_known = 1;
  Wire wire(founded);
  wire.send(signed_by(founded.admin, hello));
  const auto acks = all_of<protocol::PushAck>(wire.receive());
  ASSERT_EQ(acks.size(), 1U);
  ASSERT_EQ(acks[0].receipts.size(), 1U);
  EXPECT_EQ(acks[0].receipts[0].first_seq, 2U);
}

TEST(SyncSession, SaysGoodbyeWhenItsRightsHaveChanged) {
  TwoCommunes world;
  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  wire.receive();
  wire.answer(wire.session().recheck());
  EXPECT_FALSE(wire.session().is_closing());

  events::DeviceRevoked revoked;
  revoked.device = world.pipeline.state().access().device_of(world.clerk.chain())->id;
  events::EventHeader header =
      world.admin.header(events::StreamKind::access, world.administrator, world.registrar);
  header.stream.id = revoked.device.event;
  world.admin.add(header, revoked);
  world.push_admin();
  wire.answer(wire.session().recheck());
  const auto farewells = all_of<protocol::Goaway>(wire.receive());
  ASSERT_EQ(farewells.size(), 1U);
  EXPECT_EQ(farewells[0].reason, protocol::GoawayReason::revoked);
}

/// The clerk's roles end with today.
void end_roles_tonight(TwoCommunes& world) {
  const projections::Access& access = world.pipeline.state().access();
  const events::PersonId clerk = access.device_of(world.clerk.chain())->persons.front();
  const events::Day today = events::day_in_vietnam(world.now);
  for (const projections::Grant& grant : access.grants()) {
    if (grant.person != clerk) continue;
    events::EventHeader header =
        world.admin.header(events::StreamKind::access, world.administrator, world.registrar);
    header.stream.id = grant.id.event;
    world.admin.add(header, events::RoleRevoked{grant.id, events::Day{today.value + 1}, ""});
  }
  world.push_admin();
}

// A clerk whose term ended at midnight stayed connected, and was sent the names of the next day.
TEST(SyncSession, SaysGoodbyeWhenARoleEndsOverNight) {
  TwoCommunes world;
  const events::Day today = events::day_in_vietnam(world.now);
  end_roles_tonight(world);

  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  wire.receive();
  ASSERT_TRUE(wire.session().is_open());
  const std::optional<events::Timestamp> due = wire.session().due();
  ASSERT_TRUE(due);
  EXPECT_EQ(events::day_in_vietnam(*due).value, today.value + 1);
  EXPECT_EQ(events::day_in_vietnam(events::Timestamp{due->value - 1}), today);
  wire.answer(wire.session().on_time(world.now));
  EXPECT_FALSE(wire.session().is_closing());

  world.now = *due;
  wire.answer(wire.session().on_time(world.now));
  const auto farewells = all_of<protocol::Goaway>(wire.receive());
  ASSERT_EQ(farewells.size(), 1U);
  EXPECT_EQ(farewells[0].reason, protocol::GoawayReason::scope_changed);
}

// What came in the first moments of the next day was sent before the answer to who may read it.
TEST(SyncSession, SendsNothingOfTheNextDayBeforeTheRightsOfThatDayAreKnown) {
  TwoCommunes world;
  end_roles_tonight(world);
  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  protocol::Subscribe totals;
  totals.mode = protocol::SummaryMode::totals;
  wire.send(totals);
  wire.receive();
  world.now = events::midnight_in_vietnam(events::Day{events::day_in_vietnam(world.now).value + 1});
  world.add_commune("Xã Thanh Minh");
  world.push_admin();
  Requests asked = wire.session().end_rights(world.now);
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(wire.receive().empty()) << "neither events";
  EXPECT_TRUE(wire.session().on_time(world.now).empty()) << "nor figures";
  EXPECT_TRUE(wire.session().end_rights(world.now).empty()) << "asked once";
  wire.answer(std::move(asked));
  const auto received = wire.receive();
  EXPECT_EQ(all_of<protocol::Goaway>(received).size(), 1U);
  EXPECT_EQ(received.size(), 1U);
}

// Another's role that ends would cut off everybody, or leave everybody without news.
TEST(SyncSession, GoesOnWhenTheNewDayLeavesTheRightsAsTheyAre) {
  TwoCommunes world;
  end_roles_tonight(world);
  protocol::Hello hello = a_hello(world.association);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.association, hello));
  wire.receive();
  world.now = events::midnight_in_vietnam(events::Day{events::day_in_vietnam(world.now).value + 1});
  wire.answer(wire.session().end_rights(world.now));
  world.add_commune("Xã Thanh Minh");
  world.push_admin();
  EXPECT_FALSE(wire.receive().empty());
  EXPECT_FALSE(wire.session().is_closing());
}

}  // namespace
}  // namespace server::test
