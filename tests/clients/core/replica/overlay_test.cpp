#include "clients/core/replica/overlay.h"

#include "events/archive/compact.h"
#include "tests/clients/core/scripted_server.h"

#include <gtest/gtest.h>

#include <vector>

namespace clients_test {
namespace {

using namespace events;
using clients::OfflineLog;
using clients::Overlay;

/// A device on which an officer types, and an overlay beside the device's own.
struct OverlayScene {
  ScriptedServer server;
  TestDevice device{server};
  Overlay overlay;
  const ChainNumber chain = device.replica->identity().chain;
  const PersonId typed{EventId{chain, 1}};  ///< The person of the first registration.

  OverlayScene() {
    device.sync(server);
    confirm_rest(overlay);
    overlay.rebuild_pending(own(), 1);
  }

  const OfflineLog& own() const { return device.replica->own(); }
  const Event& own_event(std::uint64_t seq) const { return own().entry(seq).event; }
  /// Folds everything in the log that the overlay has not folded.
  void confirm_rest(Overlay& target) const {
    for (const test_support::StoredAct& act : server.world.stored()) {
      if (act.position() > target.confirmed().applied()) target.confirm(act.stored, act.scope);
    }
  }
  /// One registration: a person, a dossier, the declaration on paper.
  void type(std::uint8_t salt = 1) {
    const auto done =
        device.workspace->record_together(device.registration(server, salt), server.world.now());
    ASSERT_TRUE(done && !done->refused);
  }
};

bool knows(const projections::State& state, PersonId person) {
  return state.subjects().find(person) != nullptr;
}

// An officer must see what was typed a minute ago, and must not be told that it is official.
TEST(Overlay, OwnEventsStandOnTopOfPendingAlone) {
  OverlayScene scene;
  scene.type();
  EXPECT_FALSE(knows(scene.overlay.pending(), scene.typed)) << "stale until it is rebuilt";
  scene.overlay.rebuild_pending(scene.own(), 1);
  EXPECT_TRUE(knows(scene.overlay.pending(), scene.typed));
  EXPECT_FALSE(knows(scene.overlay.confirmed(), scene.typed));
  for (std::uint64_t seq = 1; seq <= 3; ++seq) {
    ASSERT_NE(scene.overlay.provisional(seq), nullptr);
    EXPECT_EQ(scene.overlay.provisional(seq)->code, VerdictCode::accepted);
  }
  EXPECT_EQ(scene.overlay.provisional(4), nullptr);
  EXPECT_EQ(scene.overlay.private_digest({scene.chain, 1}),
            private_digest_of(scene.own_event(1).payload));
  EXPECT_FALSE(scene.overlay.private_digest({scene.chain, 2})) << "an opening names no record";
}

// Looking whether an act would be accepted must not be the act.
TEST(Overlay, JudgingTakesNothingInAndAddingDoes) {
  OverlayScene scene;
  scene.type();
  const Timestamp now = scene.server.world.now();
  const auto judged = [&](std::uint64_t seq) {
    return scene.overlay.judge_next(scene.own_event(seq), content_checked, now);
  };
  const Position before = scene.overlay.pending().applied();
  EXPECT_EQ(judged(1).verdict.code, VerdictCode::accepted);
  EXPECT_EQ(judged(1).verdict.code, VerdictCode::accepted);
  EXPECT_FALSE(judged(2).verdict.takes_effect()) << "its person is not known yet";
  EXPECT_EQ(scene.overlay.pending().applied(), before);
  EXPECT_EQ(scene.overlay.provisional(1), nullptr);

  scene.overlay.add_pending(scene.own_event(1), content_checked, now, judged(1));
  EXPECT_EQ(scene.overlay.pending().applied(), Position{before.value + 1});
  EXPECT_EQ(judged(2).verdict.code, VerdictCode::accepted);
  EXPECT_EQ(scene.overlay.confirmed().applied(), before);
}

// A registration of three events of which the last is refused leaves no half of a citizen behind,
// nor a name for an event that was never made.
TEST(Overlay, WhatWasOnlyTriedIsGoneWithTheNextRebuild) {
  OverlayScene scene;
  const TestDevice untouched(scene.server);
  scene.type();
  const Timestamp now = scene.server.world.now();
  const Bytes before = encode(scene.overlay.pending());
  scene.overlay.add_pending(scene.own_event(1), content_checked, now,
                            scene.overlay.judge_next(scene.own_event(1), content_checked, now));
  ASSERT_TRUE(scene.overlay.private_digest({scene.chain, 1}));

  scene.overlay.rebuild_pending(untouched.replica->own(), 1);
  EXPECT_EQ(encode(scene.overlay.pending()), before);
  EXPECT_EQ(scene.overlay.provisional(1), nullptr);
  EXPECT_FALSE(scene.overlay.private_digest({scene.chain, 1}));
}

// The log refused what the device had accepted: nobody may go on from it, not even before the
// blocks around it have come.
TEST(Overlay, AnAnsweredEventStandsWithTheVerdictOfItsReceipt) {
  OverlayScene scene;
  scene.type();
  Result<OfflineLog> own = OfflineLog::load(scene.device.store, scene.device.replica->identity());
  ASSERT_TRUE(own);
  Verdict refusal;
  refusal.code = VerdictCode::refused;
  refusal.rule = Rule::a_unit;
  BlockReceipt receipt;
  receipt.first = Position{scene.server.world.head().value + 50};
  receipt.received_at = scene.server.world.now();
  receipt.first_seq = 1;
  receipt.scope = own->entry(1).scope;
  receipt.entries.push_back({{0, 2, content_checked}, refusal});
  own->take_receipt(receipt);

  scene.overlay.rebuild_pending(*own, 1);
  EXPECT_EQ(*scene.overlay.provisional(1), refusal);
  EXPECT_FALSE(knows(scene.overlay.pending(), scene.typed));
  EXPECT_FALSE(scene.overlay.provisional(2)->takes_effect()) << "it is judged on top of that";
}

// The superior took the role away while the officer was offline: what was typed will not count, and
// the device says so as soon as it hears.
TEST(Overlay, ARebuildJudgesOwnEventsByWhatIsConfirmedNow) {
  OverlayScene scene;
  scene.type();
  scene.overlay.rebuild_pending(scene.own(), 1);
  ASSERT_TRUE(scene.overlay.provisional(1)->takes_effect());
  scene.server.world.revoke(scene.server.commune().entrant, scene.server.world.today());
  scene.confirm_rest(scene.overlay);
  EXPECT_TRUE(scene.overlay.provisional(1)->takes_effect()) << "stale until it is rebuilt";
  scene.overlay.rebuild_pending(scene.own(), 1);
  EXPECT_FALSE(scene.overlay.provisional(1)->takes_effect());
  EXPECT_FALSE(knows(scene.overlay.pending(), scene.typed));
}

// Counted once from the log and once from the device, a commune would have one citizen too many.
TEST(Overlay, ConfirmedOwnEventsAreNotPendingToo) {
  OverlayScene scene;
  scene.type();
  scene.device.sync(scene.server);
  scene.confirm_rest(scene.overlay);
  scene.overlay.rebuild_pending(scene.own(), 4);
  EXPECT_TRUE(knows(scene.overlay.confirmed(), scene.typed));
  EXPECT_EQ(encode(scene.overlay.pending()), encode(scene.overlay.confirmed()));
  EXPECT_EQ(scene.overlay.provisional(1), nullptr);
  EXPECT_EQ(scene.overlay.private_digest({scene.chain, 1}),
            private_digest_of(scene.own_event(1).payload));
}

// A device that goes on from a snapshot shows what one shows that read the log from the beginning.
TEST(Overlay, GoesOnFromASnapshotAsIfItHadFoldedTheLog) {
  OverlayScene scene;
  const Position held{3};
  Verdict release;
  release.code = VerdictCode::accepted;
  const EventId named{ChainNumber{2}, 77};
  const Digest digest = sha256(bytes_of("a record"));
  Overlay later;
  later.begin(scene.overlay.confirmed(), {{held, release}}, {{named, digest}});
  EXPECT_EQ(later.pending().applied(), Position{}) << "stale until it is rebuilt";

  scene.server.world.register_citizen(0);
  scene.confirm_rest(scene.overlay);
  scene.confirm_rest(later);
  later.rebuild_pending(scene.own(), 1);
  EXPECT_EQ(encode(later.confirmed()), encode(scene.overlay.confirmed()));
  EXPECT_EQ(encode(later.pending()), encode(later.confirmed()));
  ASSERT_NE(later.later_verdict(held), nullptr);
  EXPECT_EQ(*later.later_verdict(held), release);
  EXPECT_EQ(later.private_digest(named), digest);
}

// Positions of other communes are passed over: otherwise a device were behind for ever.
TEST(Overlay, AdvancesOverWhatIsNotForThisReader) {
  OverlayScene scene;
  const Position beyond{scene.server.world.head().value + 9};
  scene.overlay.advance(beyond);
  EXPECT_EQ(scene.overlay.confirmed().applied(), beyond);
  scene.overlay.advance(Position{1});
  EXPECT_EQ(scene.overlay.confirmed().applied(), beyond) << "never back";
}

// A superior let a held event count: its author sees "official" from then on, and nobody else's
// verdict changes.
TEST(Overlay, ALaterVerdictTakesThePlaceOfTheFirst) {
  OverlayScene scene;
  test_support::World& world = scene.server.world;
  const test_support::CommuneWorld& commune = world.commune(0);
  test_support::Act opening{.chain = commune.devices[0],
                            .by = commune.entrant,
                            .payload = world.an_opening(commune.clerk.person, 0)};
  opening.intake.clock_offset_seconds = -500'000;
  const test_support::StoredAct& held = world.append(opening);
  ASSERT_EQ(held.verdict().code, VerdictCode::held);
  scene.confirm_rest(scene.overlay);
  EXPECT_EQ(scene.overlay.later_verdict(held.position()), nullptr);

  Verdict release;
  release.code = VerdictCode::accepted;
  release.rules = RulesVersion{1};
  const test_support::StoredAct& released =
      world.append({.chain = commune.devices[1],
                    .by = commune.clerk,
                    .payload = HoldReleased{held.position(), release},
                    .stream = held.stored.event.header.stream});
  ASSERT_TRUE(released.verdict().takes_effect());
  scene.confirm_rest(scene.overlay);
  ASSERT_NE(scene.overlay.later_verdict(held.position()), nullptr);
  EXPECT_EQ(*scene.overlay.later_verdict(held.position()), release);
  EXPECT_EQ(scene.overlay.later_verdict(released.position()), nullptr);
}

}  // namespace
}  // namespace clients_test
