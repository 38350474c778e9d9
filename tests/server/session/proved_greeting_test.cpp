#include "events/protocol/greeting_proof.h"
#include "server/session/greeting_proofs.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <vector>

// What a greeting is worth that somebody captured, and what it gets before it is answered.

namespace server::test {
namespace {

using events::ErrorCode;
using protocol::Challenge;

struct ProvedGreeting : testing::Test {
  FoundedLog founded;
  GreetingProofs proofs{founded.pipeline.signing_key(), {7}};

  /// A connection that no TLS binds.
  std::unique_ptr<Wire> connect() {
    auto wire = std::make_unique<Wire>(founded, ++connections_);
    wire->session().prove_with(proofs);
    return wire;
  }
  std::unique_ptr<Wire> post() {
    auto wire = connect();
    wire->session().speak_in_turns();
    return wire;
  }
  protocol::Hello hello() { return signed_by(founded.admin, a_hello(founded.admin)); }
  protocol::Answer answer_to(const protocol::Welcome& welcome, const protocol::Hello& hello) {
    return protocol::sign_answer(hello, *protocol::challenge_of(welcome), founded.admin.key());
  }
  protocol::Welcome only_welcome(const std::vector<protocol::Message>& received) {
    EXPECT_EQ(received.size(), 1U);
    const auto welcomes = all_of<protocol::Welcome>(received);
    EXPECT_EQ(welcomes.size(), 1U);
    return welcomes.empty() ? protocol::Welcome{} : welcomes[0];
  }

 private:
  std::uint64_t connections_ = 0;
};

// A proxy's log holds the greeting: whoever sends it again must get neither events nor names, and
// must not throw the device off.
TEST_F(ProvedGreeting, WhatNothingBindsGetsWelcomeAndNothingElseBeforeItsAnswer) {
  const auto wire = connect();
  const protocol::Hello greeting = hello();
  wire->send(greeting);
  const protocol::Welcome welcome = only_welcome(wire->receive());
  EXPECT_TRUE(protocol::is_authentic(welcome, founded.pipeline.server_key(),
                                     protocol::greeting_digest(greeting), std::nullopt));
  EXPECT_FALSE(wire->session().is_open()) << "the older connection is replaced only then";

  wire->send(answer_to(welcome, greeting));
  const auto received = wire->receive();
  EXPECT_TRUE(wire->session().is_open());
  EXPECT_FALSE(all_of<protocol::Events>(received).empty());
  EXPECT_FALSE(all_of<protocol::Mark>(received).empty());
}

TEST_F(ProvedGreeting, NothingIsServedInPlaceOfTheAnswer) {
  const protocol::Message others[] = {protocol::Prove{{events::Position{1}}}, protocol::Subscribe{},
                                      protocol::PrivateRecords{}, protocol::Purged{}, hello()};
  for (const protocol::Message& other : others) {
    const auto wire = connect();
    wire->send(hello());
    wire->receive();
    wire->send(other);
    const auto received = wire->receive();
    EXPECT_EQ(received.size(), 1U);
    EXPECT_EQ(error_of(received), ErrorCode::not_permitted);
    EXPECT_TRUE(wire->session().is_closing());
  }
}

// HELLO and ANSWER of yesterday, both captured.
TEST_F(ProvedGreeting, ACapturedAnswerIsOfNoUseOnAnotherConnection) {
  const protocol::Hello greeting = hello();
  const auto first = connect();
  first->send(greeting);
  const protocol::Answer captured = answer_to(only_welcome(first->receive()), greeting);
  const auto second = connect();
  second->send(greeting);
  second->receive();
  second->send(captured);
  EXPECT_EQ(error_of(second->receive()), ErrorCode::bad_signature);
  EXPECT_FALSE(second->session().is_open());
}

TEST_F(ProvedGreeting, AnotherKeyAnotherChallengeOrAnotherGreetingIsNoAnswer) {
  const protocol::Hello greeting = hello();
  const auto refusal = [&](const auto& forge) {
    const auto wire = connect();
    wire->send(greeting);
    const Challenge challenge = *protocol::challenge_of(only_welcome(wire->receive()));
    wire->send(forge(challenge));
    return error_of(wire->receive());
  };
  EXPECT_EQ(refusal([&](const Challenge& challenge) {
              return protocol::sign_answer(greeting, challenge, test_support::a_key(9));
            }),
            ErrorCode::bad_signature);
  EXPECT_EQ(refusal([&](Challenge challenge) {
              challenge[15] ^= 1U;
              return protocol::sign_answer(greeting, challenge, founded.admin.key());
            }),
            ErrorCode::bad_signature);
  EXPECT_EQ(refusal([&](const Challenge& challenge) {
              protocol::Hello other = greeting;
              other.nonce.fill(5);
              return protocol::sign_answer(other, challenge, founded.admin.key());
            }),
            ErrorCode::bad_signature);
}

// TLS that ends at the server ties the greeting to its connection: resume stays one round trip.
TEST_F(ProvedGreeting, ABoundGreetingIsServedAtOnce) {
  protocol::ChannelBinding binding;
  binding.bytes.fill(1);
  const auto wire = connect();
  wire->session().bind_to(binding);
  protocol::Hello greeting = a_hello(founded.admin);
  protocol::sign(greeting, founded.admin.key(), binding);
  wire->send(greeting);
  const auto received = wire->receive();
  const auto welcome = all_of<protocol::Welcome>(received).at(0);
  EXPECT_TRUE(welcome.challenge.empty());
  EXPECT_TRUE(protocol::is_authentic(welcome, founded.pipeline.server_key(),
                                     protocol::greeting_digest(greeting), binding));
  EXPECT_FALSE(protocol::is_authentic(welcome, founded.pipeline.server_key(),
                                      protocol::greeting_digest(greeting), std::nullopt));
  EXPECT_FALSE(all_of<protocol::Mark>(received).empty());
}

// ---- over HTTP, where each request greets ----

TEST_F(ProvedGreeting, APostIsServedWithTheAnswerToTheChallengeOfTheOneBefore) {
  const protocol::Hello greeting = hello();
  const auto first = post();
  first->send(greeting);
  const protocol::Answer answer = answer_to(only_welcome(first->receive()), greeting);

  events::Bytes request = protocol::encode_frame(greeting);
  protocol::append_frame(request, answer);
  const auto second = post();
  second->send_bytes(request);
  const auto served = second->receive();
  EXPECT_FALSE(all_of<protocol::Mark>(served).empty());
  const protocol::Welcome next = all_of<protocol::Welcome>(served).at(0);

  const auto replayed = post();
  replayed->send_bytes(request);
  only_welcome(replayed->receive());
  EXPECT_TRUE(replayed->session().is_closing());

  events::Bytes third = protocol::encode_frame(greeting);
  protocol::append_frame(third, answer_to(next, greeting));
  const auto goes_on = post();
  goes_on->send_bytes(third);
  EXPECT_FALSE(all_of<protocol::Mark>(goes_on->receive()).empty());
}

TEST_F(ProvedGreeting, APostWithoutAnAnswerHearsWelcomeWhateverStandsBehindItsGreeting) {
  founded.add_commune("Xã Nà Tấu");
  events::Bytes request = protocol::encode_frame(hello());
  protocol::append_frame(request, a_push(founded.admin.sign()));
  const auto wire = post();
  wire->send_bytes(request);
  only_welcome(wire->receive());
  EXPECT_EQ(founded.log.head().position, events::Position{4}) << "the push was not taken";
}

// A device at its first contact knows of the log only what the invitation says: its key.
TEST_F(ProvedGreeting, AnEnrolmentIsAnsweredWithTheLogsKey) {
  const auto wire = connect();
  const protocol::Enrol request = a_founding_enrolment(founded.admin.key());
  wire->send(request);
  const auto enrolled = all_of<protocol::Enrolled>(wire->receive());
  ASSERT_EQ(enrolled.size(), 1U) << "the founder asks again";
  EXPECT_EQ(enrolled[0].server_key, founded.pipeline.server_key());
  EXPECT_TRUE(
      protocol::is_authentic(enrolled[0], protocol::greeting_digest(request), std::nullopt));
}

}  // namespace
}  // namespace server::test
