#include "server/session/snapshot_exchange.h"

#include "events/archive/compact.h"
#include "tests/server/session/busy_commune.h"

#include <gtest/gtest.h>

namespace server::test {
namespace {

using clients::SyncState;

// A new tablet on a slow line waits minutes for what happened before it existed.
TEST_F(BusyCommune, ANewDeviceGoesOnFromASnapshotAsIfItHadTheWholeLog) {
  add_people(200);
  Tablet tablet(world);
  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_TRUE(progress.synced());
  EXPECT_TRUE(progress.snapshot.loaded);
  EXPECT_TRUE(all_of<protocol::Events>(received).empty());
  EXPECT_EQ(tablet.replica->base_position(), world.log.head().position);
  expect_in_step(tablet);

  add_people(10);
  tablet.restart();
  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_FALSE(all_of<protocol::Events>(received).empty());
  EXPECT_TRUE(all_of<protocol::SnapOffer>(received).empty());
  expect_in_step(tablet);
  tablet.restart();
  expect_in_step(tablet);
}

// What an officer typed in the mountains must come through whole, with its answers, although the
// events around it are not fetched any more.
TEST_F(BusyCommune, OwnEventsReceiptsAndAnswersAreUntouchedByASnapshot) {
  Tablet tablet(world);
  ASSERT_EQ(tablet.sync(), SyncState::running);
  tablet.introduce("Lò Thị Ánh", 0xA1);
  ASSERT_EQ(tablet.sync(), SyncState::running);
  const std::size_t receipts = tablet.replica->own().receipts().size();
  const auto blocks = tablet.store.foreign_blocks()->size();
  add_people(200);
  tablet.introduce("Lò Văn Bình", 0xA2);

  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_TRUE(progress.snapshot.loaded);
  EXPECT_TRUE(progress.synced());
  EXPECT_EQ(tablet.replica->own().receipts().size(), receipts + 1);
  EXPECT_EQ(tablet.replica->own().verdicts_known(), 2U);
  EXPECT_EQ(tablet.store.foreign_blocks()->size(), blocks) << "what was here stays";
  EXPECT_EQ(tablet.workspace->pending_counts().device_only, 0U);
  expect_in_step(tablet);
  tablet.restart();
  EXPECT_EQ(tablet.workspace->name_of({world.clerk.chain(), 2}), "Lò Văn Bình");
  expect_in_step(tablet);
}

// On a line that breaks every few seconds a long snapshot must arrive all the same, also when the
// server was restarted and the log went on in between.
TEST_F(BusyCommune, AfterACutOnlyMissingChunksComeAlthoughTheServerForgotTheSnapshot) {
  add_people(700);
  Tablet tablet(world);
  std::size_t chunks = 0;
  const OnDown cut_after_first_chunk = [&](protocol::Message& frame) {
    return !std::holds_alternative<protocol::Snap>(frame) || chunks++ == 0;
  };
  ASSERT_EQ(meet(tablet, cut_after_first_chunk), SyncState::stopped);
  ASSERT_EQ(tablet.store.snapshot_part()->value().chunks.size(), 1U);
  const events::Digest name =
      protocol::snapshot_name(tablet.store.snapshot_part()->value().manifest);
  add_people(5);
  tablet.restart();

  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_TRUE(progress.snapshot.loaded);
  const auto wants = all_of<protocol::SnapWant>(sent);
  ASSERT_EQ(wants.size(), 1U);
  EXPECT_EQ(wants.front().name, name);
  for (const protocol::Snap& snap : all_of<protocol::Snap>(received)) EXPECT_NE(snap.index, 0U);
  EXPECT_FALSE(all_of<protocol::Events>(received).empty()) << "what came since is pulled";
  expect_in_step(tablet);
}

// The names come behind the chunks; a cut between them must not repeat the ones that are here.
TEST_F(BusyCommune, AfterACutInThePrivateRecordsTheRestComes) {
  add_people(700);
  Tablet tablet(world);
  std::size_t frames = 0;
  const OnDown cut_after_first_records = [&](protocol::Message& frame) {
    return !std::holds_alternative<protocol::PrivateRecords>(frame) || frames++ == 0;
  };
  ASSERT_EQ(meet(tablet, cut_after_first_records), SyncState::stopped);
  tablet.restart();
  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_TRUE(progress.snapshot.loaded);
  std::size_t records = 0;
  for (const auto& frame : all_of<protocol::PrivateRecords>(received)) {
    records += frame.records.size();
  }
  EXPECT_GT(records, 0U);
  EXPECT_LT(records, 700U);
  const auto chunks = all_of<protocol::Snap>(received);
  ASSERT_EQ(chunks.size(), 1U);
  EXPECT_TRUE(chunks.front().bytes.empty()) << "only the end";
  expect_in_step(tablet);
}

// A chunk that was changed on the way must not change what the officer sees, nor stop the officer.
TEST_F(BusyCommune, AWrongChunkIsRefusedAndTheLogComesInstead) {
  add_people(200);
  Tablet tablet(world);
  const OnDown damage = [](protocol::Message& frame) {
    if (auto* const snap = std::get_if<protocol::Snap>(&frame)) {
      if (!snap->bytes.empty()) snap->bytes.back() ^= 1U;
    }
    return true;
  };
  EXPECT_EQ(meet(tablet, damage), SyncState::reconnect);
  EXPECT_FALSE(tablet.store.snapshot_part()->has_value());
  ASSERT_EQ(meet(tablet), SyncState::running);
  ASSERT_EQ(all_of<protocol::SnapWant>(sent).size(), 1U);
  EXPECT_TRUE(all_of<protocol::SnapWant>(sent).front().declines());
  EXPECT_FALSE(tablet.replica->base_position());
  expect_in_step(tablet);
}

// After an update of the server alone, devices of the old build must still be served.
TEST_F(BusyCommune, ASnapshotOfAnotherBuildOrOfAnotherHandIsDeclined) {
  const auto change = [&](auto edit, bool sign) {
    Tablet tablet(world);
    const OnDown forge = [&](protocol::Message& frame) {
      auto* const offer = std::get_if<protocol::SnapOffer>(&frame);
      if (offer == nullptr) return true;
      auto manifest = events::decode<protocol::SnapshotManifest>(offer->manifest).value();
      edit(manifest);
      if (sign) {
        manifest.signature = test_support::a_key(1).sign(protocol::snapshot_statement(manifest));
      }
      offer->manifest = events::encode(manifest);
      return true;
    };
    ASSERT_EQ(meet(tablet, forge), SyncState::running);
    ASSERT_EQ(all_of<protocol::SnapWant>(sent).size(), 1U);
    EXPECT_TRUE(all_of<protocol::SnapWant>(sent).front().declines());
    EXPECT_FALSE(tablet.replica->base_position());
    expect_in_step(tablet);
  };
  add_people(200);
  using Manifest = protocol::SnapshotManifest;
  change([](Manifest& manifest) { manifest.revision += 1; }, true);
  change([](Manifest& manifest) { manifest.format += 1; }, true);
  change([](Manifest& manifest) { manifest.scope.units.pop_back(); }, true);
  change([](Manifest& manifest) { manifest.raw_size = std::uint64_t{1} << 40U; }, true);
  change([](Manifest& manifest) { manifest.position.value -= 1; }, false);
}

// The keys of chains come with the snapshot: a device that forgot them could not start any more.
TEST_F(BusyCommune, ALiveBlockOfAChainFromBeforeTheSnapshotSurvivesARestart) {
  add_people(200);
  Tablet tablet(world);
  ASSERT_EQ(meet(tablet), SyncState::running);
  ASSERT_TRUE(tablet.replica->base_position());

  clients::SyncEngine engine(*tablet.replica, true);
  Wire wire(world);
  const auto take = [&] {
    for (const protocol::Message& frame : wire.receive()) {
      received.push_back(frame);
      EXPECT_TRUE(engine.on_message(frame, world.now));
    }
  };
  const auto greeting = engine.start(world.now, {});
  ASSERT_TRUE(greeting);
  for (const protocol::Message& frame : *greeting) wire.send(frame);
  take();
  const projections::Access& access = world.pipeline.state().access();
  const events::PersonId person = access.device_of(world.association.chain())->persons.front();
  events::RoleGrantId role;
  for (const projections::Grant& grant : access.grants()) {
    if (grant.person == person) role = grant.id;
  }
  events::PersonIntroduced somebody;
  somebody.home_unit = world.first;
  somebody.gender = events::Gender::male;
  world.association.create(somebody, person, role);
  world.association.seen = world.log.head().position;
  world.commit(world.association.sign(), world.association);
  take();
  ASSERT_EQ(all_of<protocol::Live>(received).size(), 1U);

  tablet.restart();
  ASSERT_NE(tablet.replica, nullptr);
  EXPECT_EQ(tablet.replica->unproved_count(), 1U);
  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_EQ(tablet.replica->unproved_count(), 0U);
}

// A device that has little to fetch would wait for an answer it does not need.
TEST_F(BusyCommune, NothingIsOfferedWhereLittleIsMissing) {
  Tablet tablet(world);
  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_TRUE(all_of<protocol::SnapOffer>(received).empty());
  ASSERT_EQ(meet(tablet), SyncState::running);
  EXPECT_TRUE(all_of<protocol::SnapOffer>(received).empty());
  EXPECT_EQ(sent.size(), 1U) << "a resume is one greeting";
  expect_in_step(tablet);
}

// A commune that lost its clerk's rights must not keep the summary of what it may not read.
TEST_F(BusyCommune, ALossOfScopeDropsTheSnapshotToo) {
  add_people(200);
  Tablet tablet(world);
  ASSERT_EQ(meet(tablet), SyncState::running);
  ASSERT_TRUE(tablet.replica->base_position());
  revoke_role(world);
  for (int meeting = 0; meeting < 3; ++meeting) meet(tablet);
  EXPECT_FALSE(tablet.store.base()->has_value());
  EXPECT_TRUE(tablet.store.record_names()->empty());
  for (const auto& person : tablet.replica->overlay().confirmed().subjects().persons()) {
    EXPECT_NE(person.scope, world.first);
  }
  EXPECT_TRUE(tablet.store.private_homes()->empty());
}

// Who needs every event must be able to have them, also after a snapshot.
TEST_F(BusyCommune, APullFromTheBeginningReplacesTheSnapshot) {
  add_people(200);
  Tablet tablet(world);
  ASSERT_EQ(meet(tablet), SyncState::running);
  ASSERT_TRUE(tablet.replica->base_position());
  ASSERT_TRUE(tablet.replica->restart_pull(tablet.replica->pull().scope, false));
  ASSERT_EQ(tablet.sync(), SyncState::running);
  EXPECT_FALSE(tablet.replica->base_position());
  EXPECT_GT(tablet.store.foreign_blocks()->size(), 3U);
  expect_in_step(tablet);
}

// A peer that asks for what was never offered costs an error, not a search through the log.
TEST_F(BusyCommune, WhoAsksWithoutAnOfferIsRefused) {
  Wire wire(world);
  wire.send(signed_by(world.clerk, a_hello(world.clerk)));
  wire.receive();
  protocol::SnapWant want;
  want.name.bytes.fill(1);
  want.position = world.log.head().position;
  wire.send(want);
  EXPECT_EQ(error_of(wire.receive()), events::ErrorCode::not_permitted);
}

}  // namespace
}  // namespace server::test
