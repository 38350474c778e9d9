#include "server/commit/access_index.h"

#include "tests/support/event_builders.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

namespace server::test {
namespace {

using events::ChainNumber;
using events::Day;
using events::EventType;
using events::Role;
using events::Timestamp;

/// A province at work, and an index that follows it.
struct FollowedWorld : testing::Test {
  test_support::World world;
  AccessIndex index;
  events::Position followed;

  FollowedWorld() {
    index.rebuild(world.state());
    followed = world.head();
  }

  /// The index hears of everything that took effect since the last call.
  void follow() {
    while (followed < world.head()) {
      ++followed.value;
      const events::StoredEvent& stored = world.at(followed).stored;
      if (!stored.verdict.takes_effect()) continue;
      index.follow({stored.position, stored.received_at, stored.event, stored.verdict});
    }
  }

  void grant(events::PersonId person, Role role, Day from, Day to) {
    events::RoleGranted role_granted;
    role_granted.person = person;
    role_granted.role = role;
    role_granted.unit = world.commune(0).unit;
    role_granted.valid_from = from;
    role_granted.valid_to = to;
    world.administer(role_granted);
    follow();
  }

  const projections::Device& device(ChainNumber chain) const {
    return *world.state().access().device_of(chain);
  }
  ReaderRights rights(ChainNumber chain, Timestamp now) const {
    return index.rights_of(device(chain), world.state(), now);
  }
  ReaderRights rights(ChainNumber chain) const { return rights(chain, world.now()); }
  std::optional<Timestamp> until(ChainNumber chain, Timestamp now) const {
    return index.valid_until(device(chain), world.state(), now);
  }

  /// What the index stands for: a walk over all grants of the log.
  ReaderRights rights_by_all_grants(const projections::Device& reader) const {
    ReaderRights rights = rights_of_nobody();
    for (const projections::Grant& grant : world.state().access().grants()) {
      const bool is_theirs =
          std::ranges::find(reader.persons, grant.person) != reader.persons.end();
      if (is_theirs) add_rights(rights, grant, world.state().units(), world.today());
    }
    settle(rights, world.state().units());
    return rights;
  }
};

// An officer who got a role this morning would see nothing until the server is started again.
TEST_F(FollowedWorld, HasTheRightsThatAWalkOverAllGrantsFinds) {
  const test_support::Officer auditor =
      world.hire(Role::auditor, world.commune(1).unit, world.commune(1).unit);
  const test_support::Officer& clerk = world.commune(0).clerk;
  const ChainNumber shared = world.enrol({auditor.person, clerk.person}, "Máy chung");
  world.revoke(world.commune(2).signer, world.today());
  world.revoke(world.district_officer(), world.today());
  follow();

  AccessIndex anew;
  anew.rebuild(world.state());
  for (const projections::Device& reader : world.state().access().devices()) {
    SCOPED_TRACE(reader.chain.value);
    EXPECT_TRUE(rights(reader.chain) == rights_by_all_grants(reader));
    EXPECT_TRUE(anew.rights_of(reader, world.state(), world.now()) == rights(reader.chain));
  }
  std::vector<events::UnitId> both{events::reference_scope, world.commune(0).unit,
                                   world.commune(1).unit};
  std::ranges::sort(both);
  EXPECT_EQ(rights(shared).scope.units, both) << "by the roles of both people";
  EXPECT_TRUE(rights(world.district_device()) == rights_of_nobody()) << "the role is over";
}

TEST_F(FollowedWorld, GivesNothingToADeviceOfPeopleWithoutRoles) {
  const ChainNumber chain = world.enrol({world.introduce(world.commune(0).unit)}, "Máy mới");
  follow();
  EXPECT_TRUE(rights(chain) == rights_of_nobody());
  EXPECT_EQ(until(chain, world.now()), std::nullopt);
}

// A session that is not told to ask again goes on with what its device may no longer read.
TEST(AccessIndex, ChangesOfRolesDevicesAndUnitsRaiseTheVersionAndNothingElseDoes) {
  const std::set<EventType> movers{EventType::role_granted,   EventType::role_revoked,
                                   EventType::device_revoked, EventType::unit_created,
                                   EventType::unit_renamed,   EventType::unit_closed,
                                   EventType::units_changed};
  AccessIndex index;
  std::size_t moved = 0;
  for (const events::Payload& payload : test_support::one_of_each_kind()) {
    const events::Event event = test_support::an_event(payload);
    SCOPED_TRACE(event.header.type);
    const std::uint64_t before = index.version();
    const events::Verdict accepted = test_support::an_acceptance();
    index.follow({events::Position{1}, test_support::a_moment, event, accepted});
    const bool moves = movers.contains(static_cast<EventType>(event.header.type));
    EXPECT_EQ(index.version() > before, moves);
    if (moves) ++moved;
  }
  EXPECT_EQ(moved, movers.size());
}

// After a failed append the state is folded anew from the log, and so is the index.
TEST_F(FollowedWorld, StartsAnewFromAFoldedState) {
  const ChainNumber chain = world.commune(0).devices[1];
  ASSERT_FALSE(rights(chain) == rights_of_nobody());
  const std::uint64_t before = index.version();
  index.rebuild({});
  EXPECT_GT(index.version(), before) << "sessions ask again";
  EXPECT_TRUE(rights(chain) == rights_of_nobody());
  index.rebuild(world.state());
  EXPECT_TRUE(rights(chain) == rights_by_all_grants(device(chain)));
}

// The index may be ahead of the state that it is asked about.
TEST_F(FollowedWorld, AGrantThatTheStateDoesNotHaveGivesNothing) {
  const ChainNumber chain = world.commune(0).devices[0];
  const ReaderRights before = rights(chain);
  events::RoleGranted everything = test_support::a_role();
  everything.person = device(chain).persons.front();
  everything.role = Role::auditor;
  everything.unit = {};
  const events::Event event = test_support::an_event(everything, 900'000);
  const events::Verdict accepted = test_support::an_acceptance();
  index.follow({events::Position{900'000}, world.now(), event, accepted});
  EXPECT_TRUE(rights(chain) == before);
}

// A role that ends at midnight ends then in an open session, too, though nothing happens.
TEST_F(FollowedWorld, HoldsUntilMidnightOfTheFirstDayOnWhichARoleBeginsOrEnds) {
  const std::uint32_t today = world.today().value;
  const events::PersonId one = world.introduce(world.commune(0).unit);
  const events::PersonId other = world.introduce(world.commune(0).unit);
  const ChainNumber chain = world.enrol({one, other}, "Máy chung");
  grant(one, Role::commune_clerk, Day{today + 10}, Day{today + 40});
  const std::optional<Timestamp> begins = until(chain, world.now());
  ASSERT_TRUE(begins);
  EXPECT_EQ(events::day_in_vietnam(*begins), Day{today + 10});
  const Timestamp just_before{begins->value - 1};
  EXPECT_EQ(events::day_in_vietnam(just_before), Day{today + 9}) << "the day begins there";
  EXPECT_TRUE(rights(chain, just_before) == rights_of_nobody());
  EXPECT_FALSE(rights(chain, *begins) == rights_of_nobody());

  grant(other, Role::appraiser, Day{1}, Day{today + 5});
  const std::optional<Timestamp> ends = until(chain, world.now());
  ASSERT_TRUE(ends);
  EXPECT_EQ(events::day_in_vietnam(*ends), Day{today + 5}) << "whoever's comes first";
  EXPECT_EQ(until(chain, *ends), begins);
  const std::optional<Timestamp> last = until(chain, *begins);
  ASSERT_TRUE(last);
  EXPECT_EQ(events::day_in_vietnam(*last), Day{today + 40});
  EXPECT_EQ(until(chain, *last), std::nullopt) << "nothing changes any more";
}

// A hamlet or a commune that goes elsewhere takes its readers' rights along on the day, and not
// when the decree is entered; nothing needs to happen on that day.
TEST_F(FollowedWorld, AUnitThatMovesIsReadByTheNewOnesFromItsDayOn) {
  const events::UnitId moved = world.commune(0).hamlets[0];
  const events::PersonId head = world.introduce(moved);
  const ChainNumber chain = world.enrol({head}, "Trưởng bản");
  events::RoleGranted role;
  role.person = head;
  role.role = Role::branch_head;
  role.unit = moved;
  role.valid_from = Day{1};
  world.administer(role);
  const Day day{world.today().value + 30};
  world.administer(
      events::UnitRenamed{moved, "Bản Đi", "", world.commune(1).unit, day, "Nghị quyết"},
      events::StreamId{events::StreamKind::unit, moved.event});
  follow();
  const std::optional<Timestamp> moves = until(chain, world.now());
  ASSERT_TRUE(moves);
  EXPECT_EQ(events::day_in_vietnam(*moves), day);
  EXPECT_TRUE(rights(chain, Timestamp{moves->value - 1})
                  .scope.includes(events::ScopeSet{world.commune(0).unit}));
  EXPECT_FALSE(rights(chain, Timestamp{moves->value - 1})
                   .scope.includes(events::ScopeSet{world.commune(1).unit}));
  EXPECT_TRUE(rights(chain, *moves).scope.includes(events::ScopeSet{world.commune(1).unit}));
  EXPECT_FALSE(rights(chain, *moves).scope.includes(events::ScopeSet{world.commune(0).unit}));
  EXPECT_EQ(until(chain, *moves), std::nullopt) << "nothing changes any more";

  AccessIndex anew;
  anew.rebuild(world.state());
  EXPECT_EQ(anew.valid_until(device(chain), world.state(), world.now()), moves);
}

}  // namespace
}  // namespace server::test
