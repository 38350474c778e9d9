#include "server/session/sync_session.h"

#include "events/protocol/frame_codec.h"
#include "tests/server/commit/pipeline_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace server::test {
namespace {

namespace protocol = events::protocol;
using events::ErrorCode;

/// One connection of a device: carries requests to the pipeline and back at once, and collects
/// what the device would receive.
class Wire {
 public:
  Wire(FoundedLog& founded, std::uint64_t number = 1)
      : founded_(founded), session_(founded.log, founded.private_store, number) {}

  SyncSession& session() { return session_; }

  void send(const protocol::Message& message) {
    answer(session_.on_bytes(protocol::encode_frame(message), founded_.now));
  }
  void send_bytes(const events::Bytes& bytes) { answer(session_.on_bytes(bytes, founded_.now)); }

  /// Everything the session has to say now.
  std::vector<protocol::Message> receive() {
    std::vector<protocol::Message> received;
    for (;;) {
      const events::Bytes bytes = session_.pump(48 * 1024);
      if (bytes.empty()) return received;
      const auto messages = protocol::read_frames(bytes);
      EXPECT_TRUE(messages);
      received.insert(received.end(), messages->begin(), messages->end());
    }
  }

  void answer(Requests requests) {
    for (Request& request : requests) {
      std::visit([this](auto& each) { serve(each); }, request);
    }
  }

 private:
  void serve(AskAdmission& request) {
    answer(
        session_.on_admitted(founded_.pipeline.admit(request.chain, founded_.now), founded_.now));
  }
  void serve(AskEnrolment& request) {
    answer(session_.on_enrolled(founded_.enrolment.enrol(request.request, founded_.now),
                                founded_.now));
  }
  void serve(SubmitRun& request) {
    std::vector<PushedRun> runs;
    runs.push_back(std::move(request.run));
    answer(session_.on_committed(founded_.commit(std::move(runs)).at(0), founded_.now));
  }

  FoundedLog& founded_;
  SyncSession session_;
};

protocol::Hello a_hello(const TestDevice& device) {
  protocol::Hello hello;
  hello.log = the_log;
  hello.chain = device.chain();
  hello.device_time = the_morning;
  hello.head_seq = device.seq();
  hello.head_hash = device.head();
  hello.rules = events::RulesVersion{1};
  return hello;
}

protocol::Hello signed_by(const TestDevice& device, protocol::Hello hello) {
  hello.signature = device.key().sign(protocol::hello_statement(hello));
  return hello;
}

template <class T>
std::vector<T> all_of(const std::vector<protocol::Message>& messages) {
  std::vector<T> found;
  for (const protocol::Message& message : messages) {
    if (const T* const one = std::get_if<T>(&message)) found.push_back(*one);
  }
  return found;
}

/// The error that ended the session, if one did.
ErrorCode error_of(const std::vector<protocol::Message>& messages) {
  const auto errors = all_of<protocol::ErrorFrame>(messages);
  return errors.empty() ? ErrorCode{} : errors.back().code;
}

protocol::Push a_push(const events::DeviceBlock& block) {
  return {the_morning, events::encode_device_block(block)};
}

/// A log with two communes, a clerk's device for the first and an association's for both.
struct TwoCommunes : FoundedLog {
  events::UnitId first;
  events::UnitId second;
  events::UnitId district;
  TestDevice clerk{events::ChainNumber{3}, 5};
  TestDevice association{events::ChainNumber{4}, 6};

  TwoCommunes() {
    events::UnitCreated above;
    above.kind = events::UnitKind::district;
    above.name = "Huyện Điện Biên";
    above.official_code = "100";
    above.valid_from = events::Day{1};
    district = events::UnitId{admin.create(above, administrator, registrar)};
    first = add_commune_below("Xã Nà Tấu", "03316");
    second = add_commune_below("Xã Nà Nhạn", "03317");
    enrol(first, events::Role::commune_clerk, "AAAABBBBCCCCDDDD", clerk);
    enrol(district, events::Role::district_assoc, "EEEEFFFFGGGGHHHH", association);
  }

  events::UnitId add_commune_below(const std::string& name, const std::string& code) {
    events::UnitCreated unit;
    unit.kind = events::UnitKind::commune;
    unit.parent = district;
    unit.name = name;
    unit.official_code = code;
    unit.area = events::AreaType::rural;
    unit.valid_from = events::Day{1};
    return events::UnitId{admin.create(unit, administrator, registrar)};
  }

  void enrol(events::UnitId unit, events::Role role, const std::string& code,
             const TestDevice& device) {
    const events::EventId person = introduce(unit, device.chain().value);
    events::RoleGranted grant;
    grant.person = events::PersonId{person};
    grant.role = role;
    grant.unit = unit;
    grant.valid_from = events::Day{1};
    admin.create(grant, administrator, registrar);
    events::EnrolmentOffered offer;
    offer.persons = {grant.person};
    offer.code_digest = code_digest_of(code);
    offer.expires = events::Timestamp{now.value + events::milliseconds_per_day};
    admin.create(offer, administrator, registrar);
    push_admin();
    const auto enrolled = enrolment.enrol(an_enrolment(code, device.key()), now);
    ASSERT_TRUE(enrolled) << enrolled.error().message;
    ASSERT_EQ(enrolled->chain, device.chain());
  }

  events::EventId introduce(events::UnitId home, std::uint32_t salt) {
    const auto record = test_support::a_private_record(test_support::a_person_record(),
                                                       static_cast<std::uint8_t>(salt));
    records.push_back(record);
    events::PersonIntroduced person;
    person.home_unit = home;
    person.gender = events::Gender::female;
    person.private_digest = record.digest();
    return admin.create(person, administrator, registrar);
  }

  void push_admin() {
    admin.seen = log.head().position;
    const auto ack = ack_of(commit(admin.sign(), admin, std::exchange(records, {})));
    for (const auto& receipt : ack.receipts) {
      for (const auto& entry : receipt.entries) {
        ASSERT_TRUE(entry.verdict.takes_effect())
            << "rule " << static_cast<int>(entry.verdict.rule);
      }
    }
  }

  std::vector<events::PrivateRecord> records;
};

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
  EXPECT_FALSE(welcomes[0].restart_pull);
  const auto marks = all_of<protocol::Mark>(received);
  ASSERT_EQ(marks.size(), 1U);
  EXPECT_TRUE(marks[0].caught_up);
  EXPECT_EQ(marks[0].upto.position, events::Position{5});
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
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::log_diverged);

  hello = a_hello(device);
  hello.cursor = {events::Epoch{1}, events::Position{500}, 4711};
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::log_diverged);

  hello = a_hello(device);
  hello.head_hash = test_support::a_digest(9);
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::fork);

  hello = a_hello(device);
  hello.verdicts_known = 2;  // The log has forgotten what it once answered.
  EXPECT_EQ(refusal(signed_by(device, hello)), ErrorCode::log_diverged);
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
  SyncSession session(founded.log, founded.private_store, 1);
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

// ---- pulling ----

// What a scoped reader gets must be exactly its part of the log, and a reader that comes back gets
// only what is new.
TEST(SyncSession, PullsTheReadersPartAndResumesAtItsCursor) {
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
    const auto block = events::decode_stored_block(frame.block);
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
  EXPECT_FALSE(all_of<protocol::Welcome>(resumed).at(0).restart_pull);
  EXPECT_EQ(all_of<protocol::Events>(resumed).size(), 1U);
}

// Names leave the commune only where somebody needs them: a district counts, it does not read.
TEST(SyncSession, HandsPrivateRecordsOnlyToThoseWhoMayReadThem) {
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
    const auto block = events::decode_stored_block(frame->block);
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
TEST(SyncSession, RestartsThePullWhenTheScopeIsAnother) {
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
  EXPECT_TRUE(all_of<protocol::Welcome>(received).at(0).restart_pull);
  EXPECT_FALSE(all_of<protocol::Events>(received).empty());
}

// Own events come back as receipts, before anything that the log ordered after them.
TEST(SyncSession, GivesOwnEventsAsReceiptsInTheirPlace) {
  TwoCommunes world;
  protocol::Hello hello = a_hello(world.clerk);
  hello.live = true;
  Wire wire(world);
  wire.send(signed_by(world.clerk, hello));
  wire.receive();
  EXPECT_TRUE(wire.session().wants_wake());

  // Committed through a connection that died; this one hears of it only from the log.
  events::PersonIntroduced person;
  person.home_unit = world.first;
  world.clerk.create(person, events::PersonId{}, events::RoleGrantId{});
  ack_of(world.commit(world.clerk.sign(), world.clerk));
  world.introduce(world.first, 41);
  world.push_admin();
  const auto received = wire.receive();
  const auto is_ack = [](const protocol::Message& message) {
    return std::holds_alternative<protocol::PushAck>(message);
  };
  const auto is_block = [](const protocol::Message& message) {
    return std::holds_alternative<protocol::Events>(message);
  };
  const auto ack = std::ranges::find_if(received, is_ack);
  const auto block = std::ranges::find_if(received, is_block);
  ASSERT_NE(ack, received.end());
  ASSERT_NE(block, received.end());
  EXPECT_LT(ack, block);
}

// A line of 64 kbit/s is not to carry a receipt twice because the pull saw the commit first.
TEST(SyncSession, WaitsForTheAnswerOfAPushUnderWay) {
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

}  // namespace
}  // namespace server::test
