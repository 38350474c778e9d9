#include "events/log/chain.h"
#include "projections/state/pending_purges.h"
#include "tests/server/session/tablet.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace server::test {
namespace {

using clients::SyncState;
using events::HoldReason;
using events::VerdictCode;

/// Own events of the clerk's chain in the log that are held for `reason`.
std::size_t held_for(const TwoCommunes& world, HoldReason reason) {
  std::size_t count = 0;
  for (const auto& [position, held] : world.pipeline.state().inbox().all()) {
    if (held.event.header.chain == world.clerk.chain() && held.verdict.hold == reason) ++count;
  }
  return count;
}

bool owes(const TwoCommunes& world, const Tablet& tablet) {
  return projections::owes_purge(world.pipeline.state(), tablet.row(),
                                 events::day_in_vietnam(world.now));
}

// Fault case 32.  A clerk loses the role while forty people she typed are still on the tablet: no
// line of her work is lost, and not one name stays on a tablet that has no right to it.
TEST(ScopeGrants, LosingAScopeWithFortyEventsUnsentHoldsThemAndPurgesTheDevice) {
  TwoCommunes world;
  Tablet tablet(world);
  ASSERT_EQ(tablet.sync(), SyncState::running);
  ASSERT_TRUE(tablet.scope_state().grant().has_value());
  for (std::uint8_t index = 0; index < 40; ++index) {
    tablet.introduce("Lò Thị Ánh", static_cast<std::uint8_t>(index + 1));
  }
  ASSERT_EQ(std::ranges::count(*tablet.store.private_homes(), world.first), 1);
  revoke_role(world);
  EXPECT_TRUE(owes(world, tablet));

  ASSERT_EQ(tablet.sync(), SyncState::running);
  EXPECT_EQ(tablet.replica->own().verdicts_known(), 40U);
  EXPECT_EQ(held_for(world, HoldReason::no_authority), 40U);
  EXPECT_EQ(std::ranges::count(*tablet.store.private_homes(), world.first), 0);
  for (const events::EventId id : {events::EventId{world.clerk.chain(), 1}}) {
    EXPECT_TRUE(tablet.workspace->name_of(id).empty());
  }
  EXPECT_EQ(tablet.store.own_events()->size(), 40U) << "the own chain stays for ever";
  // The log says, signed by the device, that it let go; the supervisor's list is empty again.
  EXPECT_GT(tablet.row().purged_as_of.value, 0U);
  EXPECT_FALSE(owes(world, tablet));
  tablet.sync();
  EXPECT_FALSE(tablet.scope_state().purge_is_open());
}

// The line is cut right before the receipt: it is said again until the log knows, and recorded
// once.
TEST(ScopeGrants, AReceiptThatGotLostIsSaidAgainAndRecordedOnce) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  revoke_role(world);
  {
    // Everything but the last frames: the session ends when the device answers the grant.
    clients::SyncEngine engine(*tablet.replica, false);
    Wire wire(world, 7);
    for (const protocol::Message& frame : *engine.start(world.now, {})) wire.send(frame);
    for (const protocol::Message& frame : wire.receive()) {
      ASSERT_TRUE(engine.on_message(frame, world.now));
    }
  }
  tablet.restart();
  EXPECT_TRUE(tablet.scope_state().purge_is_open());
  EXPECT_EQ(tablet.row().purged_as_of.value, 0U);
  tablet.sync();
  const events::Position known = tablet.row().purged_as_of;
  EXPECT_GT(known.value, 0U);
  const events::Position head = world.log.head().position;
  tablet.sync();
  tablet.sync();
  EXPECT_EQ(world.log.head().position, head);
  EXPECT_EQ(tablet.row().purged_as_of, known);
}

// Fault case 34 and SC8.  A stolen phone connects: it may hand over what is on it, gets nothing to
// read, is wiped, and what came after the loss never counts by itself.
TEST(ScopeGrants, ARevokedDeviceDeliversItsOutboxIntoHoldsReadsNothingAndIsWiped) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  for (std::uint8_t index = 0; index < 9; ++index) {
    tablet.introduce("Cà Văn Bình", static_cast<std::uint8_t>(index + 1));
  }
  revoke_device(world);
  EXPECT_TRUE(owes(world, tablet));

  EXPECT_EQ(tablet.sync(), SyncState::revoked);
  EXPECT_EQ(held_for(world, HoldReason::device_revoked), 9U);
  EXPECT_TRUE(all_of<protocol::Events>(tablet.received).empty());
  EXPECT_TRUE(all_of<protocol::PrivateRecords>(tablet.received).empty());
  EXPECT_TRUE(tablet.store.private_homes()->empty());
  EXPECT_TRUE(tablet.store.foreign_blocks()->empty());
  EXPECT_FALSE(owes(world, tablet));
  EXPECT_TRUE(tablet.scope_state().lease_is_over(world.now, {}));

  // It comes again and again: told the same, nothing is recorded twice.
  const events::Position head = world.log.head().position;
  tablet.restart();
  EXPECT_EQ(tablet.sync(), SyncState::revoked);
  EXPECT_EQ(world.log.head().position, head);
}

// A clerk compares with the paper and lets one of them count: the named role may, the log says who.
TEST(ScopeGrants, WhatARevokedDeviceBroughtTakesEffectOnlyByARoleThatAnswersForIt) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  tablet.introduce("Cà Văn Bình", 1);
  revoke_device(world);
  tablet.sync();
  ASSERT_EQ(held_for(world, HoldReason::device_revoked), 1U);
  const auto [position, held] = *world.pipeline.state().inbox().all().begin();
  const events::Verdict verdict =
      projections::judge_again(held, world.pipeline.state(), true, held.received_at);
  ASSERT_TRUE(verdict.takes_effect());
  events::EventHeader header =
      world.admin.header(events::StreamKind::subject, world.administrator, world.registrar);
  header.stream = held.event.header.stream;
  world.admin.add(header, events::HoldReleased{position, verdict});
  world.push_admin();
  EXPECT_EQ(held_for(world, HoldReason::device_revoked), 0U);
  EXPECT_NE(world.pipeline.state().subjects().find(
                events::PersonId{events::EventId{world.clerk.chain(), 1}}),
            nullptr);
}

// On 64 kbit/s a grant with each resume would cost more than the news: it comes when a third of the
// lease is gone, and keeps a device that is seen now and then open for ever.
TEST(ScopeGrants, TheLeaseIsRenewedOnlyWhenLessThanTwoThirdsRemain) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  const events::Timestamp first = tablet.scope_state().grant()->valid_until;
  EXPECT_EQ(first.value - world.now.value, 45 * events::milliseconds_per_day);
  world.now.value += 14 * events::milliseconds_per_day;
  tablet.sync();
  EXPECT_TRUE(all_of<protocol::ScopeGrant>(tablet.received).empty());
  EXPECT_EQ(tablet.scope_state().grant()->valid_until, first);
  world.now.value += 2 * events::milliseconds_per_day;
  tablet.sync();
  EXPECT_EQ(all_of<protocol::ScopeGrant>(tablet.received).size(), 1U);
  EXPECT_GT(tablet.scope_state().grant()->valid_until, first);
}

// Nothing happened in the log at midnight: the tablet would go on reading the names of a commune in
// which its people are nobody any more.
TEST(ScopeGrants, ARoleThatEndedWithItsDayIsNotInTheNextGrant) {
  TwoCommunes world;
  Tablet tablet(world);
  revoke_role(world, 1);
  EXPECT_EQ(tablet.sync(), SyncState::running);
  const events::ScopeSet commune{world.first};
  EXPECT_TRUE(tablet.scope_state().grant()->scope.includes(commune)) << "its last day";
  world.now = events::midnight_in_vietnam(events::Day{events::day_in_vietnam(world.now).value + 1});
  tablet.sync();
  EXPECT_FALSE(tablet.scope_state().grant()->scope.includes(commune));
  EXPECT_FALSE(tablet.scope_state().grant()->private_access.everywhere);
  EXPECT_TRUE(tablet.scope_state().grant()->private_access.communes.empty());
}

// Six weeks in a drawer: names are locked, and what was typed can still be delivered.
TEST(ScopeGrants, AnExpiredLeaseHidesNamesAndStillDelivers) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  tablet.introduce("Lò Thị Ánh", 1);
  const events::EventId person{world.clerk.chain(), 1};
  EXPECT_EQ(tablet.workspace->name_of(person), "Lò Thị Ánh");
  const events::Timestamp last_contact = world.now;
  world.now.value += 46 * events::milliseconds_per_day;
  ASSERT_TRUE(tablet.scope_state().lease_is_over(world.now, last_contact));
  // A clock set back does not open it again once the server was heard later.
  EXPECT_TRUE(tablet.scope_state().lease_is_over(events::Timestamp{1000}, world.now));
  tablet.replica->hide_privates(true);
  tablet.workspace->set_hidden_name("đã khoá");
  EXPECT_EQ(tablet.workspace->name_of(person), "đã khoá");
  EXPECT_FALSE(tablet.workspace->private_fields(person).has_value());

  EXPECT_EQ(tablet.sync(), SyncState::running);
  EXPECT_EQ(tablet.replica->own().verdicts_known(), 1U);
  EXPECT_FALSE(tablet.scope_state().lease_is_over(world.now, world.now));
}

// Somebody on the line hands out rights, or the grant of another tablet: neither is taken.
TEST(ScopeGrants, TheDeviceTakesOnlyGrantsThatTheServerSignedForIt) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  clients::ScopeState scope_state = tablet.scope_state();
  const protocol::ScopeGrant genuine = *scope_state.grant();
  protocol::ScopeGrant longer = genuine;
  longer.valid_until.value += 1;
  EXPECT_EQ(scope_state.take(longer, world.now, world.now).error().code,
            events::ErrorCode::bad_signature);
  protocol::ScopeGrant of_another = genuine;
  of_another.chain = world.association.chain();
  EXPECT_EQ(scope_state.take(of_another, world.now, world.now).error().code,
            events::ErrorCode::wrong_log);
  EXPECT_EQ(scope_state.grant(), genuine);
}

// A receipt for somebody else's tablet would strike it from the supervisor's list.
TEST(ScopeGrants, TheServerTakesOnlyReceiptsThatTheDeviceSigned) {
  TwoCommunes world;
  protocol::Purged receipt;
  receipt.log = the_log;
  receipt.chain = world.clerk.chain();
  receipt.as_of = events::Position{1};
  receipt.signature = world.association.key().sign(protocol::purged_statement(receipt));
  Wire wire(world);
  wire.send(signed_by(world.clerk, a_hello(world.clerk)));
  wire.receive();
  wire.send(receipt);
  EXPECT_EQ(error_of(wire.receive()), events::ErrorCode::bad_signature);
  EXPECT_EQ(world.pipeline.state().access().device_of(world.clerk.chain())->purged_as_of.value, 0U);

  // A server restored from a backup is asked to record what lies beyond its log: it waits.
  receipt.as_of = events::Position{1'000'000};
  receipt.signature = world.clerk.key().sign(protocol::purged_statement(receipt));
  Wire again(world, 2);
  again.send(signed_by(world.clerk, a_hello(world.clerk)));
  again.receive();
  again.send(receipt);
  EXPECT_EQ(error_of(again.receive()), events::ErrorCode{});
  EXPECT_EQ(world.pipeline.state().access().device_of(world.clerk.chain())->purged_as_of.value, 0U);
}

// A tablet that changes hands between two communes must not carry the first one's names along.
TEST(ScopeGrants, ACommuneThatCameBackBeforeThePurgeStays) {
  TwoCommunes world;
  Tablet tablet(world);
  tablet.sync();
  tablet.introduce("Lò Thị Ánh", 1);
  tablet.sync();
  const events::PersonId clerk = tablet.row().persons.front();
  revoke_role(world);
  events::RoleGranted again;
  again.person = clerk;
  again.role = events::Role::appraiser;
  again.unit = world.first;
  again.valid_from = events::Day{1};
  world.admin.create(again, world.administrator, world.registrar);
  world.push_admin();
  EXPECT_FALSE(owes(world, tablet)) << "another role of hers covers the commune";
  tablet.sync();
  EXPECT_EQ(tablet.workspace->name_of(events::EventId{world.clerk.chain(), 1}), "Lò Thị Ánh");
  EXPECT_EQ(tablet.row().purged_as_of.value, 0U);
}

}  // namespace
}  // namespace server::test
