#include "clients/core/sync/pull_engine.h"

#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace clients_test {
namespace {

using namespace events;
using clients::PullEngine;
using clients::SyncState;
namespace protocol = events::protocol;

/// A device that records nothing, and the program without what records.
struct ReadingDevice {
  ScriptedServer server;
  TestDevice device{server};

  ReadingDevice() { load(); }

  void load() {
    Result<clients::Replica> loaded = clients::Replica::load(device.store, nullptr);
    ASSERT_TRUE(loaded) << loaded.error().message;
    *device.replica = std::move(*loaded);
  }
  /// One whole connection.
  void pull(PullEngine& engine) {
    Result<Frames> outgoing = engine.start(server.world.now(), {});
    ASSERT_TRUE(outgoing);
    while (!outgoing->empty()) {
      Frames next;
      for (const protocol::Message& message : server.answer(*outgoing)) {
        Result<Frames> more = engine.on_message(message, server.world.now());
        ASSERT_TRUE(more) << more.error().message;
        std::ranges::move(*more, std::back_inserter(next));
      }
      outgoing = std::move(next);
    }
  }
};

// An association's board would show other figures than the server's.
TEST(PullEngine, FollowsTheLogAndShowsNothingElse) {
  ReadingDevice reading;
  const DossierId dossier = reading.server.world.register_citizen(0);
  PullEngine engine(*reading.device.replica, false);
  reading.pull(engine);
  EXPECT_TRUE(engine.progress().synced());
  projections::State restricted = reading.server.world.state();
  restricted.restrict_to(reading.server.scope);
  const clients::Overlay& overlay = reading.device.replica->overlay();
  EXPECT_EQ(encode(overlay.confirmed()), encode(restricted));
  EXPECT_NE(overlay.pending().dossiers().find(dossier), nullptr);
  EXPECT_EQ(&overlay.pending(), &overlay.confirmed());

  // And again after a restart, from what is stored.
  reading.load();
  EXPECT_EQ(encode(reading.device.replica->overlay().confirmed()), encode(restricted));
  EXPECT_EQ(&reading.device.replica->overlay().pending(),
            &reading.device.replica->overlay().confirmed());
}

// What was recorded before by a program that records is neither lost nor sent by halves.
TEST(PullEngine, LeavesOwnEventsOfFormerTimesWhereTheyAre) {
  ReadingDevice reading;
  ASSERT_TRUE(reading.device.sync(reading.server).synced());
  reading.device.restart();
  const auto requests = reading.device.registration(reading.server, 1);
  ASSERT_TRUE(reading.device.workspace->record_together(requests, reading.server.world.now()));
  const std::uint64_t head = reading.device.replica->own().head().seq;
  ASSERT_GT(head, 0U);

  reading.load();
  PullEngine engine(*reading.device.replica, false);
  reading.pull(engine);
  EXPECT_TRUE(engine.progress().caught_up);
  EXPECT_FALSE(engine.progress().synced()) << "they still have to go";
  EXPECT_EQ(reading.device.replica->own().head().seq, head);

  reading.device.restart();
  EXPECT_TRUE(reading.device.sync(reading.server).synced());
  EXPECT_EQ(reading.device.replica->own().verdicts_known(), head);
}

// Whoever has nothing to give back must not look as if the connection had failed for good.
TEST(PullEngine, SaysThatARestoredServerAskedForWhatItLost) {
  ReadingDevice reading;
  PullEngine engine(*reading.device.replica, false);
  const Result<Frames> hello = engine.start(reading.server.world.now(), {});
  ASSERT_TRUE(hello);
  const Frames answers = reading.server.answer(*hello);
  auto welcome = std::get<protocol::Welcome>(answers.front());
  welcome.action = protocol::WelcomeAction::repair;
  ScriptedServer::sign(welcome, std::get<protocol::Hello>(hello->front()));
  const Result<Frames> taken = engine.on_message(welcome, reading.server.world.now());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::busy);
  EXPECT_EQ(engine.state(), SyncState::repairing);
}

// Frames about own events have no meaning to whoever has none.
TEST(PullEngine, EndsAConnectionThatSpeaksOfOwnEvents) {
  ReadingDevice reading;
  PullEngine engine(*reading.device.replica, true);
  const Result<Frames> hello = engine.start(reading.server.world.now(), {});
  ASSERT_TRUE(hello);
  const Frames answers = reading.server.answer(*hello);
  ASSERT_TRUE(engine.on_message(answers.front(), reading.server.world.now()));
  const Result<Frames> taken = engine.on_message(protocol::PushAck{}, reading.server.world.now());
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace clients_test
