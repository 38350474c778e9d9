#include "projections/rules/power.h"
#include "tests/support/event_builders.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

// Communes are merged and split by one decree.  Their dossiers stay in the scope they were opened
// in and go on in the commune that has their territory, from the first day.

namespace projections {
namespace {

using events::Day;
using events::HoldReason;
using events::Rule;
using events::UnitId;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::StoredAct;
using test_support::stream_of;
using test_support::World;

/// The first commune is merged into the second in ten days; its dossier was accepted before.
struct MergedCommunes : testing::Test {
  World world;
  Day effective{world.today().value + 10};
  events::DossierId dossier = world.register_citizen(0);
  events::Position before_decree;

  UnitId unit(std::size_t commune) const { return world.commune(commune).unit; }
  UnitId hamlet(std::size_t commune, std::size_t number) const {
    return world.commune(commune).hamlets.at(number);
  }

  Act decree(std::vector<events::UnitsChangeRow> rows) const {
    return {.chain = World::administration,
            .by = world.administrator(),
            .payload = events::UnitsChanged{"1661/NQ-UBTVQH15", effective, std::move(rows)}};
  }
  void merge() {
    before_decree = world.head();
    ASSERT_TRUE(is_accepted(world.append(decree({{unit(0), unit(1), {}}})).verdict()));
  }
  void wait_until_it_holds() { world.wait_days(11); }

  Act by(std::size_t commune, const Officer& officer, events::Payload payload) const {
    return {
        .chain = world.commune(commune).devices[1], .by = officer, .payload = std::move(payload)};
  }
  Act about(std::size_t commune, const Officer& officer, events::Payload payload,
            events::DossierId id) const {
    Act act = by(commune, officer, std::move(payload));
    act.stream = stream_of(id);
    return act;
  }
  /// The officer of that commune looks at a paper of the first commune's dossier.
  Act sighting(std::size_t commune) const {
    return about(commune, world.commune(commune).entrant, World::a_sighting(), dossier);
  }
  Act introduction(std::size_t commune, UnitId home) const {
    events::PersonIntroduced person = test_support::a_person();
    person.home_unit = home;
    person.household = {};
    return by(commune, world.commune(commune).entrant, person);
  }
};

TEST_F(MergedCommunes, MoveNothingBeforeTheirDay) {
  merge();
  world.wait_days(5);
  EXPECT_TRUE(is_accepted(judged(world, sighting(0))));
  EXPECT_TRUE(is_refused(judged(world, sighting(1)), Rule::o_unknown_thing));
  EXPECT_EQ(world.append(introduction(0, hamlet(0, 0))).scope, events::ScopeSet{unit(0)});
}

TEST_F(MergedCommunes, GoOnWithOpenDossiersInTheirOldScope) {
  merge();
  wait_until_it_holds();
  const StoredAct& act = world.append(sighting(1));
  EXPECT_TRUE(is_accepted(act.verdict()));
  EXPECT_EQ(act.scope, events::ScopeSet{unit(0)});
  // What is new stands in the new commune.
  const StoredAct& person = world.append(introduction(1, hamlet(0, 0)));
  EXPECT_TRUE(is_accepted(person.verdict()));
  EXPECT_EQ(person.scope, events::ScopeSet{unit(1)});
}

// Each hamlet's own head holds its meeting; one list and one decision are over both scopes.
TEST_F(MergedCommunes, GrantATitleAcrossTheirScopes) {
  merge();
  wait_until_it_holds();
  const std::vector<events::DossierId> both{dossier, world.register_citizen(1)};
  for (const events::DossierId id : both) world.assess(1, id);
  world.review(0, {both[0]});
  world.review(1, {both[1]});
  world.submit(1, both);
  world.appraise(1, both);
  const events::DecisionId decision = world.grant_title(1, both);
  for (const events::DossierId id : both) {
    EXPECT_EQ(world.state().dossiers().find(id)->state, events::DossierState::recognized);
  }
  EXPECT_EQ(world.state().documents().find(decision.event)->scope, unit(1));
  EXPECT_EQ(world.state().documents().find(decision.event)->in_effect, 2U);
  EXPECT_EQ(world.state().dossiers().find(dossier)->scope, unit(0)) << "nothing is rewritten";
}

// The device of the new commune holds the scopes of its lineage, and reaches every verdict by them.
TEST_F(MergedCommunes, AreJudgedAlikeByADeviceThatHoldsTheLineage) {
  merge();
  wait_until_it_holds();
  State device;
  events::ReaderScope reader{false, {events::reference_scope, unit(0), unit(1)}};
  events::ranges::sort(reader.units);
  for (const StoredAct& act : world.stored()) {
    if (reader.includes(act.scope)) device.apply(act.stored, act.scope);
  }
  device.advance(world.head());
  const events::Position next{world.head().value + 1};
  for (const Act& act :
       {sighting(1), introduction(1, hamlet(0, 0)), introduction(0, hamlet(0, 0)),
        about(1, world.commune(1).entrant, world.a_sheet(), dossier),
        by(1, world.commune(1).entrant, world.an_opening(world.introduce(hamlet(1, 0)), 1))}) {
    const Arrival arrival{next, world.now(), act.intake};
    const Judgement here = judge(world.make(act), arrival, world.state());
    const Judgement there = judge(world.make(act), arrival, device);
    EXPECT_EQ(here.verdict, there.verdict);
    EXPECT_EQ(here.scope, there.scope);
  }
}

TEST_F(MergedCommunes, APaperOfTheTimeBeforeCountsInTheOldCommune) {
  merge();
  wait_until_it_holds();
  Act late = sighting(0);
  late.business_day = Day{effective.value - 1};
  late.seen = before_decree;
  const StoredAct& act = world.append(late);
  EXPECT_TRUE(is_accepted(act.verdict()));
  EXPECT_EQ(act.scope, events::ScopeSet{unit(0)});
}

// SC4: two registrations still name the old ward; one tap of the new ward's clerk releases them.
TEST_F(MergedCommunes, WhoHadNotHeardOfTheDecreeWaitsForTheSuccessorsClerk) {
  merge();
  wait_until_it_holds();
  for (const UnitId home : {hamlet(0, 0), unit(0)}) {
    Act act = introduction(0, home);
    act.seen = before_decree;
    const StoredAct held = world.append(act);
    ASSERT_TRUE(is_held(held.verdict(), HoldReason::unit_closed, Rule::v04_unit_open));
    ASSERT_EQ(held.verdict().parameters.size(), 4U);
    EXPECT_EQ(held.verdict().parameters[2], unit(1).event.chain().value);
    EXPECT_EQ(held.verdict().parameters[3], static_cast<std::int64_t>(unit(1).event.seq()));
    EXPECT_EQ(held.scope, events::ScopeSet{unit(1)});

    const events::HoldReleased release{held.position(), test_support::a_release()};
    Act by_clerk = by(1, world.commune(1).clerk, release);
    by_clerk.stream = held.stored.event.header.stream;
    ASSERT_TRUE(is_accepted(world.append(by_clerk).verdict()));
    const events::PersonId person{held.id()};
    ASSERT_NE(world.state().subjects().find(person), nullptr);
    const UnitsOnDay today = world.state().units().on(world.today());
    EXPECT_EQ(today.commune_of(world.state().subjects().find(person)->home_unit), unit(1));
  }
}

TEST_F(MergedCommunes, EndTheRolesOfTheOldUnit) {
  merge();
  wait_until_it_holds();
  // Who knows of the decree needs a role in the new one.
  EXPECT_TRUE(is_held(judged(world, introduction(0, hamlet(0, 0))), HoldReason::no_authority,
                      Rule::a_grant));
  // What decides for others never passes, whatever its author knew and wrote.
  const test_support::CommuneWorld& old = world.commune(0);
  Act act = by(0, old.signer, world.a_decision(0, {dossier}));
  act.seen = before_decree;
  EXPECT_TRUE(is_held(judged(world, act), HoldReason::no_authority, Rule::a_grant));
  act.business_day = Day{effective.value - 1};
  EXPECT_TRUE(is_held(judged(world, act), HoldReason::no_authority, Rule::a_grant));
}

TEST_F(MergedCommunes, NobodySignsForTheOldCommittee) {
  merge();
  wait_until_it_holds();
  EXPECT_TRUE(
      is_refused(judged(world, by(1, world.commune(1).signer, world.a_decision(0, {dossier}))),
                 Rule::v04_unit_open));
}

TEST_F(MergedCommunes, NothingBeginsInAUnitThatHasEnded) {
  merge();
  events::RoleGranted grant = test_support::a_role();
  grant.person = world.commune(1).clerk.person;
  grant.role = events::Role::commune_clerk;
  grant.unit = unit(0);
  grant.valid_from = effective;
  grant.valid_to = {};
  const auto given = [&] {
    return judged(world,
                  {.chain = World::administration, .by = world.administrator(), .payload = grant});
  };
  EXPECT_TRUE(is_refused(given(), Rule::v04_unit_open));
  grant.valid_from = Day{effective.value - 1};
  EXPECT_TRUE(is_accepted(given()));
}

// Who invited somebody in a commune that has ended could not do so again.
TEST_F(MergedCommunes, EndTheInvitationsOfTheirAdministrators) {
  const Officer keeper = world.hire(events::Role::device_admin, unit(0), unit(0));
  const events::ChainNumber chain = world.enrol({keeper.person}, "Quản trị xã");
  const std::string code = "0123456789ABCDEF";
  events::EnrolmentOffered offer;
  offer.persons = {world.introduce(hamlet(0, 0))};
  offer.code_digest = events::sha256(events::bytes_of(code));
  offer.expires = events::Timestamp{world.now().value + 40 * events::milliseconds_per_day};
  const StoredAct& offered = world.append({.chain = chain, .by = keeper, .payload = offer});
  ASSERT_TRUE(is_accepted(offered.verdict()));
  merge();
  const Offer& open = *world.state().access().offer(events::OfferId{offered.id()});
  EXPECT_TRUE(stands(world.state(), open, Day{effective.value - 1}));
  EXPECT_FALSE(stands(world.state(), open, effective));
}

// A hamlet that came by a merger lies in the new commune, and can be given away from there.
TEST_F(MergedCommunes, GiveTheirHamletsAwayAgain) {
  merge();
  wait_until_it_holds();
  effective = Day{world.today().value + 1};
  EXPECT_TRUE(is_accepted(judged(world, decree({{unit(1), unit(2), {hamlet(0, 0)}}}))));
  EXPECT_TRUE(
      is_refused(judged(world, decree({{unit(0), unit(2), {hamlet(0, 0)}}})), Rule::o_value));
}

// One half of the first commune goes to the second, the rest to the third.
struct SplitCommune : MergedCommunes {
  void split() {
    before_decree = world.head();
    ASSERT_TRUE(is_accepted(
        world.append(decree({{unit(0), unit(1), {hamlet(0, 1)}}, {unit(0), unit(2), {}}}))
            .verdict()));
  }
};

TEST_F(SplitCommune, GoesWhereItsHamletsGo) {
  const events::PersonId person = world.introduce(hamlet(0, 1));
  split();
  wait_until_it_holds();
  const UnitsOnDay today = world.state().units().on(world.today());
  EXPECT_EQ(today.commune_of(hamlet(0, 1)), unit(1));
  EXPECT_EQ(today.commune_of(hamlet(0, 0)), unit(2));
  EXPECT_EQ(today.commune_of(unit(0)), unit(2));
  EXPECT_EQ(today.lineage_of(unit(1)), (std::vector<UnitId>{unit(0), unit(1)}));
  EXPECT_EQ(today.lineage_of(unit(2)), (std::vector<UnitId>{unit(0), unit(2)}));

  // She is a citizen of the commune that has her hamlet, and her dossier is opened there.
  events::DossierOpened opening = world.an_opening(person, 1);
  opening.home_unit = hamlet(0, 1);
  EXPECT_TRUE(is_accepted(judged(world, by(1, world.commune(1).entrant, opening))));
  EXPECT_FALSE(is_accepted(judged(world, by(2, world.commune(2).entrant, opening))));
}

TEST_F(SplitCommune, ItsOldOfficersWaitForWhoHasTheHamlet) {
  split();
  wait_until_it_holds();
  Act act = introduction(0, hamlet(0, 1));
  act.seen = before_decree;
  const StoredAct& held = world.append(act);
  EXPECT_TRUE(is_held(held.verdict(), HoldReason::unit_closed, Rule::v04_unit_open));
  EXPECT_EQ(held.scope, events::ScopeSet{unit(1)});
}

TEST_F(MergedCommunes, ADecreeSaysOnlyWhatCanBe) {
  const auto is_impossible = [&](std::vector<events::UnitsChangeRow> rows) {
    return is_refused(judged(world, decree(std::move(rows))), Rule::o_value);
  };
  EXPECT_TRUE(is_impossible({}));
  EXPECT_TRUE(is_impossible({{unit(0), unit(0), {}}}));
  EXPECT_TRUE(is_impossible({{unit(0), unit(1), {}}, {unit(1), unit(0), {}}})) << "into each other";
  EXPECT_TRUE(is_impossible({{unit(0), unit(1), {}}, {unit(0), unit(2), {}}})) << "whole, twice";
  EXPECT_TRUE(is_impossible({{unit(0), hamlet(1, 0), {}}})) << "into something below";
  EXPECT_TRUE(is_impossible({{unit(0), world.city(), {}}})) << "a commune ends in a commune";
  EXPECT_TRUE(is_impossible({{unit(0), unit(1), {hamlet(2, 0)}}})) << "a hamlet of others";
  EXPECT_TRUE(
      is_impossible({{unit(0), unit(1), {hamlet(0, 0)}}, {unit(0), unit(2), {hamlet(0, 0)}}}))
      << "to two";
  EXPECT_TRUE(is_accepted(judged(world, decree({{hamlet(0, 0), hamlet(0, 1), {}}}))));
  EXPECT_TRUE(is_accepted(judged(world, decree({{unit(0), unit(1), {hamlet(0, 0)}}}))));
  merge();
  EXPECT_TRUE(is_impossible({{unit(0), unit(2), {}}})) << "ends twice";
  EXPECT_TRUE(is_impossible({{unit(2), unit(0), {}}})) << "into what has ended";
}

TEST_F(MergedCommunes, ADecreeIsForWhoIsRegistrarOfAllThatItNames) {
  const Officer registrar = world.hire(events::Role::registrar, world.city(), unit(0));
  const events::ChainNumber chain = world.enrol({registrar.person}, "Thành phố");
  Act act = decree({{unit(0), unit(1), {}}});
  act.chain = chain;
  act.by = registrar;
  EXPECT_TRUE(is_accepted(judged(world, act)));
  const Officer of_one = world.hire(events::Role::registrar, unit(0), unit(0));
  act.chain = world.enrol({of_one.person}, "Một xã");
  act.by = of_one;
  EXPECT_TRUE(is_held(judged(world, act), HoldReason::no_authority, Rule::a_unit));
}

}  // namespace
}  // namespace projections
