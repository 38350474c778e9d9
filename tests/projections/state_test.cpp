#include "projections/state.h"

#include "projections/title_status.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using test_support::World;

// The whole system stands on this path: if it breaks, nobody gets a title.
TEST(State, FollowsADossierToItsTitle) {
  World world;
  const events::DossierId dossier = world.register_citizen(0);
  world.assess(0, dossier);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  world.appraise(0, {dossier});
  const events::DecisionId decision = world.grant_title(0, {dossier});
  const Dossier* const row = world.state().dossiers().find(dossier);
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->state, events::DossierState::recognized);
  EXPECT_EQ(row->document, decision.event);
}

}  // namespace
}  // namespace projections
