#include "projections/state/state.h"
#include "tests/support/world.h"
#include "tests/support/world_random.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using test_support::RandomActs;
using test_support::StoredAct;
using test_support::World;

constexpr std::uint64_t seeds = 200;
constexpr int acts_per_seed = 150;

/// What a reader folds from its blocks of the log, up to its head.
State folded(const World& world, const events::ReaderScope& reader) {
  State state;
  for (const StoredAct& act : world.stored()) {
    if (reader.includes(act.scope)) state.apply(act.stored, act.scope);
  }
  state.advance(world.head());
  return state;
}

const World& founded() {
  static const World world;
  return world;
}

// A commune's device would show other dossiers than the server, and officers would quarrel about
// what is true.
TEST(ScopeRestriction, OfTheFoldIsTheFoldOfTheFilteredLog) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    World world = founded();
    RandomActs acts(world, seed);
    for (int act = 0; act < acts_per_seed; ++act) acts.act();
    for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
      SCOPED_TRACE(commune);
      const events::ReaderScope reader = world.reader_of(commune);
      State restricted = world.state();
      restricted.restrict_to(reader);
      ASSERT_EQ(events::encode(folded(world, reader)), events::encode(restricted));
    }
  }
}

// A server that starts from its checkpoint, or an auditor who folds from position 1, would come to
// another state than the one that judged.
TEST(ScopeRestriction, StateSurvivesEncodingAndRefolding) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    World world = founded();
    RandomActs acts(world, seed);
    for (int act = 0; act < acts_per_seed; ++act) acts.act();
    const events::Bytes bytes = events::encode(world.state());
    ASSERT_EQ(events::encode(folded(world, {true, {}})), bytes);
    const events::Result<State> decoded = events::decode<State>(bytes);
    ASSERT_TRUE(decoded);
    ASSERT_EQ(events::encode(*decoded), bytes);
  }
}

// A commune would see dossiers of its neighbours, or lose its own.
TEST(ScopeRestriction, LeavesACommuneItsOwnDossiersOnly) {
  World world;
  const events::DossierId own = world.register_citizen(0);
  const events::DossierId others = world.register_citizen(1);
  State state = world.state();
  state.restrict_to(world.reader_of(0));
  EXPECT_NE(state.dossiers().find(own), nullptr);
  EXPECT_EQ(state.dossiers().find(others), nullptr);
  EXPECT_EQ(state.applied(), world.head());
}

// An opening that waits while its hamlet moves would take effect in a commune whose devices never
// got it, and vanish from those that did: it is entered again where the hamlet is.
TEST(ScopeRestriction, ReleasesNoOpeningWhoseHamletWentToAnotherCommune) {
  World world;
  const auto& commune = world.commune(0);
  test_support::Act opening{.chain = commune.devices[0],
                            .by = commune.entrant,
                            .payload = world.an_opening(commune.clerk.person, 0)};
  std::get<events::DossierOpened>(opening.payload).home_unit = commune.hamlets[1];
  opening.intake.clock_offset_seconds = -500'000;
  const StoredAct& held = world.append(opening);
  ASSERT_EQ(held.verdict().hold, events::HoldReason::clock);
  world.administer(events::UnitRenamed{commune.hamlets[1], "Bản Nà Luống", "",
                                       world.commune(1).unit, world.today(), ""},
                   events::StreamId{events::StreamKind::unit, commune.hamlets[1].event});
  events::Verdict accepted;
  accepted.code = events::VerdictCode::accepted;
  accepted.rules = events::RulesVersion{1};
  const StoredAct& released =
      world.append({.chain = commune.devices[1],
                    .by = commune.clerk,
                    .payload = events::HoldReleased{held.position(), accepted},
                    .stream = held.stored.event.header.stream});
  EXPECT_EQ(released.verdict().rule, events::Rule::a_unit);
  const events::DossierId dossier{held.id()};
  EXPECT_EQ(world.state().dossiers().find(dossier), nullptr);
  for (const std::size_t reader : {0U, 1U}) {
    EXPECT_EQ(folded(world, world.reader_of(reader)).dossiers().find(dossier), nullptr);
  }
}

}  // namespace
}  // namespace projections
