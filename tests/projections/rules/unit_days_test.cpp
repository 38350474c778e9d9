#include "tests/support/event_builders.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <vector>

// A decree is entered weeks before its day.  What it moves stays where it is until then, and what
// is dated before stays where it was, whenever it arrives.

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
using test_support::World;

/// The first hamlet of the first commune goes to the second commune in thirty days.
struct MovedHamlet : testing::Test {
  World world;
  UnitId hamlet = world.commune(0).hamlets[0];
  Day moves_on{world.today().value + 30};

  void SetUp() override { move(hamlet, world.commune(1).unit); }

  void move(UnitId unit, UnitId parent) {
    const UnitVersion& now = world.state().units().find(unit)->latest();
    world.administer(events::UnitRenamed{unit, now.name, now.official_code, parent, moves_on, "NQ"},
                     events::StreamId{events::StreamKind::unit, unit.event});
  }
  void wait_until_it_moved() { world.wait_days(31); }

  /// Somebody of the hamlet is introduced by the entrant of that commune.
  Act introduction(std::size_t commune) const {
    events::PersonIntroduced person = test_support::a_person();
    person.home_unit = hamlet;
    person.household = {};
    return {.chain = world.commune(commune).devices[0],
            .by = world.commune(commune).entrant,
            .payload = person};
  }
  UnitId commune(std::size_t index) const { return world.commune(index).unit; }
};

TEST_F(MovedHamlet, BelongsToItsOldCommuneUntilTheDay) {
  world.wait_days(29);
  const StoredAct& act = world.append(introduction(0));
  EXPECT_TRUE(is_accepted(act.verdict()));
  EXPECT_EQ(act.scope, events::ScopeSet{commune(0)});
  EXPECT_TRUE(is_refused(judged(world, introduction(1)), Rule::a_unit));
}

TEST_F(MovedHamlet, BelongsToItsNewCommuneFromTheDayOn) {
  wait_until_it_moved();
  const StoredAct& act = world.append(introduction(1));
  EXPECT_TRUE(is_accepted(act.verdict()));
  EXPECT_EQ(act.scope, events::ScopeSet{commune(1)});
  // On the hamlet's device: its own branch head goes on there, the old commune's entrant does not.
  EXPECT_TRUE(is_held(judged(world, introduction(0)), HoldReason::no_authority, Rule::a_unit));
  Act by_head = introduction(0);
  by_head.by = world.commune(0).branch_head;
  const StoredAct& goes_on = world.append(by_head);
  EXPECT_TRUE(is_accepted(goes_on.verdict()));
  EXPECT_EQ(goes_on.scope, events::ScopeSet{commune(1)});
}

// Weeks without signal: the paper says on which day it was written.
TEST_F(MovedHamlet, APaperOfTheTimeBeforeStandsInTheOldCommune) {
  wait_until_it_moved();
  Act late = introduction(0);
  late.business_day = Day{moves_on.value - 1};
  const StoredAct& act = world.append(late);
  EXPECT_TRUE(is_accepted(act.verdict()));
  EXPECT_EQ(act.scope, events::ScopeSet{commune(0)});
}

TEST_F(MovedHamlet, ADossierOfTheTimeBeforeStaysWhereItWasOpened) {
  const events::DossierId dossier = world.register_citizen(0);
  wait_until_it_moved();
  Act sighting{.chain = world.commune(0).devices[0],
               .by = world.commune(0).entrant,
               .payload = World::a_sighting(),
               .stream = test_support::stream_of(dossier),
               .business_day = Day{moves_on.value - 1}};
  const StoredAct& act = world.append(sighting);
  EXPECT_TRUE(is_accepted(act.verdict()));
  EXPECT_EQ(act.scope, events::ScopeSet{commune(0)});
}

// Whoever lost a commune to another province could otherwise go on there by older dates.
TEST_F(MovedHamlet, RightsAreGivenWhereTheUnitLiesOnTheDayOfReceipt) {
  move(commune(2), world.province());
  const Officer registrar = world.hire(events::Role::registrar, world.city(), commune(0));
  const events::ChainNumber chain = world.enrol({registrar.person}, "Thành phố");
  const events::PersonId clerk = world.introduce(commune(2));
  events::RoleGranted grant = test_support::a_role();
  grant.person = clerk;
  grant.role = events::Role::commune_clerk;
  grant.unit = commune(2);
  Act act{.chain = chain, .by = registrar, .payload = grant};
  EXPECT_TRUE(is_accepted(judged(world, act)));
  wait_until_it_moved();
  EXPECT_TRUE(is_refused(judged(world, act), Rule::a_power));
  act.business_day = Day{moves_on.value - 1};
  EXPECT_TRUE(is_refused(judged(world, act), Rule::a_power));
}

}  // namespace
}  // namespace projections
