#include "events/archive/compact.h"
#include "events/packing/wire_block.h"
#include "tests/server/session/session_fixture.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace server::test {
namespace {

using events::HoldReason;

/// The clerk's own grant.
events::RoleGrantId grant_of(const TwoCommunes& world, events::PersonId person) {
  for (const projections::Grant& grant : world.pipeline.state().access().grants()) {
    if (grant.person == person) return grant.id;
  }
  return {};
}

/// The clerk's device as the log knows it, and what it is about to push.
struct ClerkPush {
  TwoCommunes world;
  events::PersonId clerk;
  events::RoleGrantId grant;
  std::vector<events::PrivateRecord> records;

  ClerkPush()
      : clerk(world.pipeline.state().access().device_of(world.clerk.chain())->persons.front()),
        grant(grant_of(world, clerk)) {
    world.clerk.seen = world.log.head().position;
  }

  events::EventHeader header() {
    return world.clerk.header(events::StreamKind::subject, clerk, grant);
  }
  events::PersonIntroduced person(std::uint8_t salt) {
    records.push_back(test_support::a_private_record(test_support::a_person_record(), salt));
    events::PersonIntroduced introduced;
    introduced.home_unit = world.first;
    introduced.gender = events::Gender::female;
    introduced.private_digest = records.back().digest();
    return introduced;
  }
  /// Pushes what was added, with the device's clock at `device_time`.
  protocol::PushAck push(Wire& wire, events::Timestamp device_time) {
    wire.send(protocol::PrivateRecords{std::exchange(records, {})});
    wire.send(protocol::Push{device_time, events::pack_block(world.clerk.sign())});
    for (const protocol::PushAck& ack : all_of<protocol::PushAck>(wire.receive())) return ack;
    ADD_FAILURE() << "the push was not acknowledged";
    return {};
  }
};

std::vector<events::Verdict> verdicts_in(const protocol::PushAck& ack) {
  std::vector<events::Verdict> verdicts;
  for (const events::BlockReceipt& receipt : ack.receipts) {
    for (const auto& entry : receipt.entries) verdicts.push_back(entry.verdict);
  }
  return verdicts;
}

// Fault case 36.  A new build records a kind that nobody here knows: it waits, unread and unharmed,
// and reaches every reader with its bytes and its signature whole.
TEST(FieldFaults, AnEventOfANewKindIsKeptOpaqueAndPassedOnUnchanged) {
  ClerkPush scene;
  events::EventHeader header = scene.header();
  header.type = 900;
  header.schema = 1;
  events::Bytes canonical;
  {
    // The canonical form of a kind this build has no struct for.
    const events::Event known = events::make_event(header, scene.person(1));
    canonical = known.canonical;
    const events::EventHeader read = *events::read_event_header(canonical);
    events::Bytes before = events::encode(read);
    events::EventHeader renamed = read;
    renamed.type = 900;
    const events::Bytes after = events::encode(renamed);
    const auto place = std::ranges::search(canonical, before);
    ASSERT_FALSE(place.empty());
    events::Bytes changed(canonical.begin(), place.begin());
    events::append_bytes(changed, after);
    changed.insert(changed.end(), place.end(), canonical.end());
    canonical = std::move(changed);
  }
  ASSERT_TRUE(
      std::holds_alternative<events::UnknownPayload>(events::read_event(canonical)->payload));
  scene.world.clerk.add_canonical(canonical);
  scene.records.clear();
  Wire wire(scene.world);
  wire.send(signed_by(scene.world.clerk, a_hello(scene.world.clerk)));
  wire.receive();
  const auto verdicts = verdicts_in(scene.push(wire, the_morning));
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_EQ(verdicts[0].hold, HoldReason::schema_unknown);

  Wire reader(scene.world, 2);
  reader.send(signed_by(scene.world.association, a_hello(scene.world.association)));
  bool arrived = false;
  for (const protocol::Events& frame : all_of<protocol::Events>(reader.receive())) {
    const events::StoredBlock block = *events::unpack_stored_block(frame.block);
    for (const events::BlockEntry& entry : block.entries) {
      if (entry.canonical != canonical) continue;
      arrived = true;
      ASSERT_TRUE(block.run.has_value());
      const events::Digest last =
          events::hash_after(block.previous, std::vector<events::Bytes>{entry.canonical});
      EXPECT_TRUE(
          events::verify(scene.world.clerk.key().public_key(),
                         events::block_statement(block.log, block.chain, block.run->first_seq,
                                                 block.last_seq(), last),
                         block.run->signature));
    }
  }
  EXPECT_TRUE(arrived);
}

// Fault case 37.  The battery was empty: the laptop believes in 1970, somebody sets the clock,
// three years too far, during the day.  The order of her acts stays hers, none is lost, and none
// counts as early or late by a clock that nobody can believe.
TEST(FieldFaults, AClockAt1970ThatJumpsThreeYearsAheadChangesNoOrder) {
  ClerkPush scene;
  Wire wire(scene.world);
  wire.send(signed_by(scene.world.clerk, a_hello(scene.world.clerk)));
  wire.receive();
  constexpr std::uint64_t three_years = 3 * 365 * events::milliseconds_per_day;
  const events::Timestamp clocks[] = {
      events::Timestamp{60'000}, events::Timestamp{the_morning.value + three_years}, the_morning};
  std::vector<events::Position> places;
  std::vector<events::Verdict> verdicts;
  std::uint8_t salt = 0;
  for (const events::Timestamp clock : clocks) {
    events::EventHeader header = scene.header();
    header.recorded_at = clock;
    scene.world.clerk.add(header, scene.person(++salt));
    const protocol::PushAck ack = scene.push(wire, clock);
    ASSERT_EQ(ack.receipts.size(), 1U);
    places.push_back(ack.receipts.front().first);
    verdicts.push_back(verdicts_in(ack).front());
  }
  EXPECT_TRUE(std::ranges::is_sorted(places));
  EXPECT_EQ(verdicts[0].hold, HoldReason::clock);
  EXPECT_EQ(verdicts[1].hold, HoldReason::clock);
  EXPECT_TRUE(verdicts[2].takes_effect());
}

// Fault case 35.  A laptop two versions behind comes out of the drawer: what it checked under rules
// that nobody uses any more is judged under those of today, recorded, and never lost.
TEST(FieldFaults, WhatAnOldClientCheckedUnderOldRulesIsJudgedUnderTodaysAndRecorded) {
  ClerkPush scene;
  Wire wire(scene.world);
  protocol::Hello hello = a_hello(scene.world.clerk);
  hello.rules = events::RulesVersion{0};
  wire.send(signed_by(scene.world.clerk, hello));
  wire.receive();
  events::EventHeader header = scene.header();
  header.rules = events::RulesVersion{0};
  scene.world.clerk.add(header, scene.person(1));
  const auto verdicts = verdicts_in(scene.push(wire, the_morning));
  ASSERT_EQ(verdicts.size(), 1U);
  EXPECT_NE(verdicts[0].code, events::VerdictCode::refused);
  EXPECT_EQ(verdicts[0].rules, scene.world.pipeline.state().rulebook().rules());
}

}  // namespace
}  // namespace server::test
