#include "clients/core/sync/summary_reader.h"
#include "events/protocol/greeting_proof.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <optional>

// What a device sends and believes before the server has proved that it holds the log's key.

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::SyncEngine;
using clients::SyncState;

struct ProvedGreeting : testing::Test {
  ScriptedServer server;
  TestDevice device{server};

  /// Something official, and something that only the device has.
  ProvedGreeting() {
    device.sync(server);
    record(1);
    device.sync(server);
    record(50);
  }

  void record(std::uint8_t salt) {
    const auto requests = device.registration(server, salt);
    EXPECT_TRUE(device.workspace->record_together(requests, server.world.now()));
  }

  Frames greet(SyncEngine& engine,
               const std::optional<protocol::ChannelBinding>& binding = std::nullopt) {
    Result<Frames> sent = engine.start(server.world.now(), {}, 0, binding);
    EXPECT_TRUE(sent);
    return sent ? *sent : Frames{};
  }

  /// The server's answer to the greeting, changed by somebody.
  protocol::Welcome welcome_to(const protocol::Message& hello) {
    return std::get<protocol::Welcome>(server.answer(hello).front());
  }

  void expect_untouched() {
    EXPECT_EQ(device.replica->own().verdicts_known(), 3U) << "no receipt was dropped";
    EXPECT_GT(device.replica->pull().cursor.position, Position{}) << "the pull did not start again";
    device.restart();
    EXPECT_TRUE(device.sync(server).synced());
  }
};

// A server with a stolen certificate harvested 270 names: everything that was unsent went right
// behind the greeting.
TEST_F(ProvedGreeting, NothingButTheGreetingLeavesBeforeTheServerHasProvedItself) {
  SyncEngine engine(*device.replica, true);
  const Frames sent = greet(engine);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<protocol::Hello>(sent.front()));
  record(90);
  const Result<Frames> more = engine.push_new(server.world.now());
  ASSERT_TRUE(more);
  EXPECT_TRUE(more->empty());

  const Result<Frames> behind = engine.on_message(welcome_to(sent.front()), server.world.now());
  ASSERT_TRUE(behind);
  EXPECT_TRUE(std::ranges::any_of(*behind, [](const protocol::Message& frame) {
    return std::holds_alternative<protocol::Push>(frame);
  }));
}

// Whatever a server without the key says in WELCOME, "heal" and a lower head included, is not
// heard.
TEST_F(ProvedGreeting, AWelcomeThatTheLogsKeyDidNotSignForThisGreetingIsNotBelieved) {
  using Change = std::function<void(protocol::Welcome&, const protocol::Hello&)>;
  const SigningKey other = test_support::key_of(ChainNumber{99});
  const auto signed_by_another = [&](protocol::Welcome& welcome, const protocol::Hello& hello) {
    protocol::sign(welcome, other, protocol::greeting_digest(hello), std::nullopt);
  };
  const Change changes[] = {
      [](protocol::Welcome& welcome, const protocol::Hello&) { welcome.signature = {}; },
      signed_by_another,
      [](protocol::Welcome& welcome, const protocol::Hello& hello) {
        protocol::Hello earlier = hello;
        earlier.nonce.fill(8);
        ScriptedServer::sign(welcome, earlier);
      },
      [](protocol::Welcome& welcome, const protocol::Hello&) {
        welcome.action = protocol::WelcomeAction::repair;
      },
      [](protocol::Welcome& welcome, const protocol::Hello&) {
        welcome.action = protocol::WelcomeAction::diverged;
      },
      [](protocol::Welcome& welcome, const protocol::Hello&) {
        welcome.action = protocol::WelcomeAction::forked;
      },
      [](protocol::Welcome& welcome, const protocol::Hello&) { welcome.head = Position{1}; },
      [](protocol::Welcome& welcome, const protocol::Hello&) { welcome.challenge = Bytes(16, 1); },
  };
  for (const Change& change : changes) {
    SyncEngine engine(*device.replica, false);
    const Frames sent = greet(engine);
    protocol::Welcome welcome = welcome_to(sent.front());
    change(welcome, std::get<protocol::Hello>(sent.front()));
    const Result<Frames> answer = engine.on_message(welcome, server.world.now());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unproved_server);
    EXPECT_EQ(engine.state(), SyncState::failed);
  }
  expect_untouched();
}

// A man in the middle with a certificate of his own has another TLS connection to each side.
TEST_F(ProvedGreeting, AWelcomeForAnotherConnectionIsNotBelieved) {
  protocol::ChannelBinding binding;
  binding.bytes.fill(1);
  SyncEngine engine(*device.replica, false);
  const Frames sent = greet(engine, binding);
  const auto& hello = std::get<protocol::Hello>(sent.front());
  protocol::Welcome welcome;
  welcome.log = hello.log;
  protocol::ChannelBinding theirs;
  theirs.bytes.fill(2);
  const SigningKey key = test_support::key_of(system_chain);
  protocol::sign(welcome, key, protocol::greeting_digest(hello), theirs);
  EXPECT_EQ(engine.on_message(welcome, server.world.now()).error().code,
            ErrorCode::unproved_server);
}

// An ERROR needs no key: it made the device drop its receipts and send everything again, or ask
// for another chain, or tell the officer to hand it in.
TEST_F(ProvedGreeting, ABareWordOfAnUnprovedServerChangesNothing) {
  for (const ErrorCode code : {ErrorCode::log_diverged, ErrorCode::fork, ErrorCode::revoked}) {
    SyncEngine engine(*device.replica, false);
    greet(engine);
    const auto answer =
        engine.on_message(protocol::ErrorFrame{code, 0, "believe me"}, server.world.now());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unproved_server);
    EXPECT_EQ(engine.state(), SyncState::failed);
  }
  SyncEngine sent_away(*device.replica, false);
  greet(sent_away);
  const protocol::Goaway revoked{protocol::GoawayReason::revoked, 4'000'000'000};
  EXPECT_FALSE(sent_away.on_message(revoked, server.world.now()));
  EXPECT_EQ(sent_away.state(), SyncState::stopped);
  EXPECT_LE(sent_away.retry_after_milliseconds(), 60'000U);
  expect_untouched();
}

// BLOB_STATE "stored" would make a phone drop its photos; EVENTS would show a forged title.
TEST_F(ProvedGreeting, EveryOtherFrameBeforeWelcomeEndsTheConnection) {
  const protocol::Message frames[] = {
      server.mark(),         protocol::PushAck{3, {}},   protocol::BlobState{},
      protocol::Reconcile{}, protocol::PrivateRecords{}, protocol::ScopeGrant{}};
  for (const protocol::Message& frame : frames) {
    SyncEngine engine(*device.replica, false);
    greet(engine);
    const auto answer = engine.on_message(frame, server.world.now());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, ErrorCode::unproved_server);
  }
  expect_untouched();
}

// The proved word counts: the log was rewritten, or another copy goes on with the chain.
TEST_F(ProvedGreeting, TheSignedWordCounts) {
  const auto state_after = [&](protocol::WelcomeAction action) {
    SyncEngine engine(*device.replica, false);
    const Frames sent = greet(engine);
    protocol::Welcome welcome = welcome_to(sent.front());
    welcome.action = action;
    welcome.epoch = Epoch{2};
    ScriptedServer::sign(welcome, std::get<protocol::Hello>(sent.front()));
    EXPECT_FALSE(engine.on_message(welcome, server.world.now()));
    return engine.state();
  };
  EXPECT_EQ(state_after(protocol::WelcomeAction::forked), SyncState::forked);
  EXPECT_EQ(device.replica->own().verdicts_known(), 3U);
  EXPECT_EQ(state_after(protocol::WelcomeAction::diverged), SyncState::reconnect);
  EXPECT_EQ(device.replica->own().verdicts_known(), 0U);
}

// Behind a proxy that ends TLS the device shows that it is there, before everything else it sends.
TEST_F(ProvedGreeting, AnswersTheChallengeFirst) {
  SyncEngine engine(*device.replica, false);
  const Frames sent = greet(engine);
  const auto& hello = std::get<protocol::Hello>(sent.front());
  protocol::Welcome welcome = welcome_to(sent.front());
  welcome.challenge = Bytes(protocol::challenge_size, 7);
  ScriptedServer::sign(welcome, hello);
  const Result<Frames> behind = engine.on_message(welcome, server.world.now());
  ASSERT_TRUE(behind);
  ASSERT_GE(behind->size(), 2U);
  const auto* const answer = std::get_if<protocol::Answer>(&behind->front());
  ASSERT_NE(answer, nullptr);
  EXPECT_EQ(answer->challenge, *protocol::challenge_of(welcome));
  const PublicKey key = SigningKey::from_seed(device.replica->identity().seed).public_key();
  EXPECT_TRUE(protocol::is_authentic(*answer, hello, key));
}

// Totals of a forged server would go into a report.
TEST_F(ProvedGreeting, AReaderOfTotalsAsksNothingOfAnUnprovedServerEither) {
  clients::SummaryReader reader(*device.replica, {});
  const protocol::Hello hello = reader.greeting(server.world.now(), {}, std::nullopt).value();
  EXPECT_TRUE(reader.outgoing().empty());
  EXPECT_EQ(reader.on_message(protocol::Totals{}).error().code, ErrorCode::unproved_server);

  protocol::Welcome welcome = welcome_to(hello);
  ASSERT_TRUE(reader.on_message(welcome));
  const Frames asked = reader.outgoing();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_TRUE(std::holds_alternative<protocol::Subscribe>(asked.front()));
  EXPECT_TRUE(reader.outgoing().empty()) << "once for each connection";
  welcome.signature = {};
  ASSERT_TRUE(reader.greeting(server.world.now(), {}, std::nullopt));
  EXPECT_EQ(reader.on_message(welcome).error().code, ErrorCode::unproved_server);
}

}  // namespace
}  // namespace clients_test
