#include "clients/core/replica/sync_status.h"
#include "tests/clients/core/scripted_server.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

// Devices whose program is older or newer than the rules of the log.

namespace clients_test {
namespace {

using namespace events;

constexpr RulesVersion first{1};
constexpr RulesVersion second{2};

class OlderDevice : public ::testing::Test {
 protected:
  void install(RulesVersion rules) {
    device.newest = rules;
    device.restart();
  }
  /// What the next event of the device says of itself.
  EventHeader recorded(const test_support::Officer& by, Payload payload, DossierId dossier) {
    const Result<clients::Recorded> done = device.workspace->record(
        device.request(server, by, std::move(payload), test_support::stream_of(dossier)),
        server.world.now());
    EXPECT_TRUE(done) << done.error().message;
    expected = done ? done->verdict : Verdict{};
    return device.replica->own().entry(device.replica->own().head().seq).event.header;
  }
  clients::DeviceStatus status() const {
    return device_status_of(*device.workspace, *device.replica, {true, true, false, {}});
  }
  DossierId appraised() {
    const DossierId dossier = server.world.register_citizen(0);
    server.world.assess(0, dossier);
    server.world.review(0, {dossier});
    server.world.submit(0, {dossier});
    server.world.appraise(0, {dossier});
    return dossier;
  }
  /// By the officer's other device.
  Position withdraw(DossierId dossier) {
    return server.world
        .append({.chain = server.commune().devices[1],
                 .by = server.commune().entrant,
                 .payload = DossierWithdrawn{},
                 .stream = test_support::stream_of(dossier)})
        .position();
  }
  protocol::Hello greeting() {
    clients::SyncEngine engine(*device.replica, false);
    const Result<Frames> frames = engine.start(server.world.now(), {});
    EXPECT_TRUE(frames);
    return std::get<protocol::Hello>(frames->front());
  }

  ScriptedServer server;
  TestDevice device{server};
  Verdict expected;  ///< Of the last act, as the device saw it.
};

// Nobody could tell which acts an old program had judged.
TEST_F(OlderDevice, SaysWhatItCanAndByWhatItJudged) {
  install(first);
  const DossierId dossier = server.world.register_citizen(0);
  device.sync(server);
  EXPECT_EQ(greeting().rules, first);
  EXPECT_FALSE(status().needs_newer_build);
  server.world.adopt(second);
  device.sync(server);
  EXPECT_EQ(recorded(server.commune().entrant, server.world.a_sheet(), dossier).rules, first);
  EXPECT_EQ(greeting().rules, first);
  EXPECT_EQ(expected.rules, first);

  install(second);
  EXPECT_EQ(greeting().rules, second);
  const DossierId other = server.world.register_citizen(0);
  device.sync(server);
  EXPECT_EQ(recorded(server.commune().entrant, server.world.a_sheet(), other).rules, second);
}

TEST_F(OlderDevice, AheadOfTheLogJudgesByTheLog) {
  install(second);
  const DossierId dossier = server.world.register_citizen(0);
  device.sync(server);
  EXPECT_EQ(greeting().rules, second);
  EXPECT_EQ(recorded(server.commune().entrant, server.world.a_sheet(60), dossier).rules, first);
  EXPECT_EQ(expected.code, VerdictCode::accepted) << "version 2 would refuse it";
  device.sync(server);
  EXPECT_EQ(status().official, 1U);
  EXPECT_FALSE(status().needs_newer_build);
}

TEST_F(OlderDevice, GoesOnAndSaysWhichUpdateItNeeds) {
  install(first);
  const DossierId moved = appraised();
  const DossierId other = server.world.register_citizen(0);
  server.world.adopt(second);
  withdraw(moved);
  device.sync(server);
  const clients::DeviceStatus now = status();
  EXPECT_TRUE(now.needs_newer_build);
  EXPECT_EQ(now.log_rules, second);
  EXPECT_EQ(now.newest_rules, first);
  EXPECT_EQ(now.left_out, 1U);
  EXPECT_EQ(device.workspace->confirmed().dossiers().find(moved)->state, DossierState::appraised);

  // An act that both rules allow is judged alike; one that version 2 refuses is refused there.
  recorded(server.commune().entrant, server.world.a_sheet(80), other);
  device.sync(server);
  EXPECT_EQ(status().official, 1U);
  const DossierId poor = server.world.register_citizen(0);
  device.sync(server);
  recorded(server.commune().entrant, server.world.a_sheet(60), poor);
  EXPECT_EQ(expected.code, VerdictCode::accepted);
  device.sync(server);
  EXPECT_EQ(status().refused, 1U) << "by the rules that are in force";
}

// What nobody at the device could read would be overwritten by its next act.
TEST_F(OlderDevice, DoesNotClaimToHaveSeenWhatItCouldNotRead) {
  install(first);
  const DossierId moved = appraised();
  server.world.adopt(second);
  const Position withdrawn = withdraw(moved);
  device.sync(server);
  const EventHeader header = recorded(server.commune().entrant, DossierWithdrawn{}, moved);
  EXPECT_EQ(header.seen.value, withdrawn.value - 1);
  EXPECT_TRUE(test_support::is_held(expected, HoldReason::conflict, Rule::o_conflict));
  device.sync(server);
  EXPECT_EQ(status().waiting, 1U) << "a person looks at it";
}

TEST_F(OlderDevice, HasEverythingAfterItsUpdate) {
  install(first);
  const DossierId moved = appraised();
  server.world.adopt(second);
  withdraw(moved);
  device.sync(server);
  install(second);
  EXPECT_FALSE(status().needs_newer_build);
  EXPECT_EQ(status().left_out, 0U);
  EXPECT_EQ(device.workspace->confirmed().dossiers().find(moved)->state, DossierState::withdrawn);
  projections::State whole = server.world.state();
  whole.restrict_to(server.scope);
  EXPECT_EQ(encode(device.workspace->confirmed()), encode(whole));
}

}  // namespace
}  // namespace clients_test
