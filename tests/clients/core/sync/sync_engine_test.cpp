#include "clients/core/sync/sync_engine.h"

#include "events/archive/compact.h"
#include "events/packing/wire_block.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace clients_test {
namespace {

using namespace events;
namespace protocol = events::protocol;
using clients::EventStatus;
using clients::SyncEngine;
using clients::SyncState;

Bytes bytes_of_state(const projections::State& state) { return encode(state); }

/// Records a new citizen's registration; the seq of its first event.
std::uint64_t register_someone(TestDevice& device, const ScriptedServer& server,
                               std::uint8_t salt) {
  const std::uint64_t first = device.replica->own().head().seq + 1;
  const auto requests = device.registration(server, salt);
  const auto done = device.workspace->record_together(requests, server.world.now());
  EXPECT_TRUE(done);
  EXPECT_FALSE(done->refused) << to_string(done->recorded.back().id);
  return first;
}

// Otherwise a commune would judge on other facts than the server, and titles would differ.
TEST(SyncEngine, ConfirmedStateIsTheServersStateOfTheScope) {
  ScriptedServer server;
  const DossierId dossier = server.world.register_citizen(0);
  server.world.register_citizen(1);
  TestDevice device(server);
  const clients::SyncProgress progress = device.sync(server);
  EXPECT_TRUE(progress.synced());
  EXPECT_NE(device.workspace->confirmed().dossiers().find(dossier), nullptr);

  projections::State restricted = server.world.state();
  restricted.restrict_to(server.scope);
  EXPECT_EQ(bytes_of_state(device.workspace->confirmed()), bytes_of_state(restricted));
}

// An officer who is told "official" too early goes home and the title is never granted.
TEST(SyncEngine, SaysHowFarARecordIsAndNeverTooEarly) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  const std::uint64_t first = register_someone(device, server, 1);
  EXPECT_EQ(device.workspace->progress_of_own(first).status, EventStatus::device_only);

  SyncEngine engine(*device.replica, false);
  engine.go_on(std::nullopt);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  EXPECT_FALSE(engine.progress().synced());
  for (const protocol::Message& message : server.answer(*sent)) {
    const bool was_known = device.replica->own().verdicts_known() >= first;
    ASSERT_TRUE(engine.on_message(message, server.world.now()));
    const bool is_known = device.replica->own().verdicts_known() >= first;
    if (is_known && !was_known) {
      EXPECT_EQ(device.workspace->progress_of_own(first).status, EventStatus::received);
      EXPECT_FALSE(engine.progress().synced());
    }
  }
  EXPECT_TRUE(engine.progress().synced());
  EXPECT_EQ(device.workspace->progress_of_own(first).status, EventStatus::official);
}

// A cut after the server took a push must not make anything happen twice.
TEST(SyncEngine, ALostAcknowledgementIsMadeUpForByTheNextGreeting) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  register_someone(device, server, 1);
  {
    SyncEngine cut(*device.replica, false);
    cut.go_on(std::nullopt);
    const Result<Frames> sent = cut.start(server.world.now(), {});
    ASSERT_TRUE(sent);
    server.answer(*sent);  // Nothing of it arrives.
  }
  const Position head = server.world.head();
  device.restart();
  EXPECT_TRUE(device.sync(server).synced());
  EXPECT_EQ(server.world.head(), head);
  EXPECT_EQ(device.replica->own().verdicts_known(), 3U);
}

TEST(SyncEngine, RepeatedFramesChangeNothing) {
  ScriptedServer server;
  server.world.register_citizen(0);
  TestDevice device(server);
  SyncEngine engine(*device.replica, false);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  const Frames answers = server.answer(*sent);
  for (const protocol::Message& message : answers) {
    ASSERT_TRUE(engine.on_message(message, server.world.now()));
  }
  const Bytes before = bytes_of_state(device.workspace->confirmed());
  for (const protocol::Message& message : answers) {
    if (std::holds_alternative<protocol::Welcome>(message)) continue;
    ASSERT_TRUE(engine.on_message(message, server.world.now()));
  }
  EXPECT_EQ(bytes_of_state(device.workspace->confirmed()), before);
  EXPECT_TRUE(engine.progress().synced());
}

// Blocks below what was received would be a hole that nobody sees.
TEST(SyncEngine, RefusesBlocksOutOfOrderAndStaysGood) {
  ScriptedServer server;
  server.world.register_citizen(0);
  TestDevice device(server);
  SyncEngine engine(*device.replica, false);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  Frames answers = server.answer(*sent);
  ASSERT_GT(answers.size(), 4U);
  std::swap(answers[1], answers[2]);
  bool refused = false;
  for (const protocol::Message& message : answers) {
    if (!engine.on_message(message, server.world.now())) {
      refused = true;
      break;
    }
  }
  EXPECT_TRUE(refused);
  EXPECT_EQ(engine.state(), SyncState::failed);
  EXPECT_EQ(device.replica->pull().synced_upto, Position{});
  device.restart();
}

TEST(SyncEngine, RefusesEveryTruncatedOrForgedBlock) {
  ScriptedServer server;
  TestDevice device(server);
  const StoredBlock whole = server.blocks().front();
  Bytes truncated = pack_block(whole);
  truncated.pop_back();
  StoredBlock forged = whole;
  forged.run->signature.bytes[0] ^= 1U;
  StoredBlock elsewhere = whole;
  elsewhere.log = LogId{99};
  for (const Bytes& bad : {truncated, pack_block(forged), pack_block(elsewhere)}) {
    SyncEngine engine(*device.replica, false);
    const Result<Frames> sent = engine.start(server.world.now(), {});
    ASSERT_TRUE(sent);
    const Frames answers = server.answer(*sent);
    ASSERT_TRUE(engine.on_message(answers.front(), server.world.now()));
    EXPECT_FALSE(engine.on_message(protocol::Events{bad}, server.world.now()));
    EXPECT_EQ(engine.state(), SyncState::failed);
  }
  EXPECT_TRUE(device.sync(server).synced());
}

// A change of roles must not cost an officer what was typed or what was answered.
TEST(SyncEngine, StartingThePullAgainKeepsTheOwnLogAndItsReceipts) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  register_someone(device, server, 1);
  device.sync(server);
  const Bytes before = bytes_of_state(device.workspace->confirmed());
  server.restart_pull = true;
  EXPECT_TRUE(device.sync(server).synced());
  EXPECT_EQ(device.replica->own().verdicts_known(), 3U);
  EXPECT_EQ(bytes_of_state(device.workspace->confirmed()), before);
}

// A server restored from a backup has lost what it had acknowledged; the device still has it.
TEST(SyncEngine, GivesBackWhatARestoredServerLost) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  ScriptedServer restored = server;
  register_someone(device, server, 1);
  device.sync(server);

  restored.restore();
  SyncEngine engine(*device.replica, false);
  const Result<Frames> sent = engine.start(restored.world.now(), {});
  ASSERT_TRUE(sent);
  const Frames answers = restored.answer(*sent);
  EXPECT_FALSE(engine.on_message(answers.front(), restored.world.now()));
  EXPECT_EQ(engine.state(), SyncState::reconnect);
  EXPECT_TRUE(device.sync(restored).synced());
  EXPECT_EQ(device.replica->own().verdicts_known(), 3U);
  EXPECT_EQ(restored.world.next_seq(device.replica->identity().chain), 4U);
}

TEST(SyncEngine, SendsAgainFromWhereTheServerMissesEvents) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  register_someone(device, server, 1);
  SyncEngine engine(*device.replica, false);
  engine.go_on(std::nullopt);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  const Frames answers = server.answer(sent->front());
  ASSERT_TRUE(engine.on_message(answers.front(), server.world.now()));

  const protocol::PushNak gap{ErrorCode::gap, 1, 1, "gap"};
  const Result<Frames> again = engine.on_message(gap, server.world.now());
  ASSERT_TRUE(again);
  EXPECT_TRUE(std::ranges::any_of(*again, [](const protocol::Message& message) {
    return std::holds_alternative<protocol::Push>(message);
  }));
  const Result<Frames> silent = engine.on_message(gap, server.world.now());
  ASSERT_TRUE(silent);
  EXPECT_TRUE(silent->empty()) << "one resend answers all refusals of the same gap";
}

// Over its quota a device would push the same again and again, or leave before it heard what the
// others did.
TEST(SyncEngine, PushesNothingMoreOverItsQuotaAndPullsWhatThereIs) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  register_someone(device, server, 1);
  SyncEngine engine(*device.replica, false);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  Frames answers = server.answer(sent->front());
  ASSERT_TRUE(engine.on_message(answers.front(), server.world.now()));
  const std::uint64_t next = engine.progress().accepted + 1;
  const protocol::PushNak over{ErrorCode::quota, next, next, "quota: 40000 events a day"};
  const Result<Frames> told = engine.on_message(over, server.world.now());
  ASSERT_TRUE(told) << told.error().message;
  EXPECT_TRUE(told->empty());
  EXPECT_EQ(engine.state(), SyncState::running);
  const Result<Frames> more = engine.push_new(server.world.now());
  ASSERT_TRUE(more);
  EXPECT_TRUE(more->empty());

  const Result<Frames> end = engine.on_message(server.mark(), server.world.now());
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error().code, ErrorCode::quota);
  EXPECT_EQ(engine.state(), SyncState::stopped);
  EXPECT_FALSE(engine.progress().synced());
  device.sync(server);
  EXPECT_EQ(device.replica->own().verdicts_known(), device.replica->own().head().seq)
      << "and it sends the rest another day";
}

TEST(SyncEngine, SendsPrivateRecordsAgainWhenTheServerLacksThem) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  register_someone(device, server, 1);
  SyncEngine engine(*device.replica, false);
  engine.go_on(std::nullopt);
  Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  std::erase_if(*sent, [](const protocol::Message& message) {
    return std::holds_alternative<protocol::PrivateRecords>(message);
  });
  Frames again;
  for (const protocol::Message& message : server.answer(*sent)) {
    Result<Frames> more = engine.on_message(message, server.world.now());
    ASSERT_TRUE(more);
    std::ranges::move(*more, std::back_inserter(again));
  }
  ASSERT_FALSE(again.empty());
  EXPECT_TRUE(std::holds_alternative<protocol::PrivateRecords>(again.front()));
  for (const protocol::Message& message : server.answer(again)) {
    ASSERT_TRUE(engine.on_message(message, server.world.now()));
  }
  EXPECT_TRUE(engine.progress().synced());
}

TEST(SyncEngine, StopsClearlyWhenAnotherDeviceWroteOnItsChain) {
  ScriptedServer server;
  TestDevice device(server);
  device.sync(server);
  SyncEngine engine(*device.replica, false);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  Frames answers = server.answer(*sent);
  auto& welcome = std::get<protocol::Welcome>(answers.front());
  welcome.accepted_seq = 5;
  ScriptedServer::sign(welcome, std::get<protocol::Hello>(sent->front()));
  EXPECT_FALSE(engine.on_message(welcome, server.world.now()));
  EXPECT_EQ(engine.state(), SyncState::forked);
}

TEST(SyncEngine, AFailingDiskMovesNeitherCursorNorState) {
  ScriptedServer server;
  TestDevice device(server);
  SyncEngine engine(*device.replica, false);
  const Result<Frames> sent = engine.start(server.world.now(), {});
  ASSERT_TRUE(sent);
  const Frames answers = server.answer(*sent);
  device.store.set_failing(true);
  ASSERT_FALSE(engine.on_message(answers.front(), server.world.now()));
  EXPECT_EQ(engine.state(), SyncState::failed);
  device.store.set_failing(false);
  EXPECT_EQ(device.replica->pull().cursor.position, Position{});
  device.restart();
  EXPECT_TRUE(device.sync(server).synced());
}

// A power cut may take what was pulled; the next greeting asks from where the store is.
TEST(SyncEngine, WhatAPowerCutTookIsPulledAgain) {
  ScriptedServer server;
  TestDevice device(server);
  device.store.set_durable(false);
  device.sync(server);
  device.store.lose_unsynced();
  device.restart();
  EXPECT_EQ(device.replica->pull().synced_upto, Position{});
  EXPECT_TRUE(device.sync(server).synced());
}

}  // namespace
}  // namespace clients_test
