#include "projections/state/state.h"

#include "tests/support/world_judging.h"

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

// What was refused would count all the same.
TEST(State, TakesInOnlyWhatTakesEffect) {
  World world;
  const events::DossierId dossier = world.open_dossier(0);
  const events::Bytes before = events::encode(world.state().dossiers());
  const auto& refused = world.append({.chain = world.commune(0).devices[0],
                                      .by = world.commune(0).branch_head,
                                      .payload = events::RegistrationAccepted{},
                                      .stream = test_support::stream_of(dossier)});
  ASSERT_TRUE(test_support::is_refused(refused.verdict(), events::Rule::t_step));
  EXPECT_EQ(events::encode(world.state().dossiers()), before);
  EXPECT_EQ(world.state().applied(), refused.position());
  EXPECT_EQ(world.state().inbox().size(), 0U);
}

// A device would take the released act for an old one and not hold what was done meanwhile.
TEST(State, LetsAReleasedEventTakeEffectWhereItIsReleased) {
  World world;
  const auto& commune = world.commune(0);
  test_support::Act opening{.chain = commune.devices[0],
                            .by = commune.entrant,
                            .payload = world.an_opening(commune.clerk.person, 0)};
  opening.intake.clock_offset_seconds = -400'000;
  const auto& held = world.append(opening);
  ASSERT_EQ(held.verdict().code, events::VerdictCode::held);
  const events::DossierId dossier{held.id()};
  EXPECT_EQ(world.state().dossiers().find(dossier), nullptr);
  const auto& released =
      world.append({.chain = commune.devices[1],
                    .by = commune.clerk,
                    .payload = events::HoldReleased{held.position(), test_support::a_release()},
                    .stream = held.stored.event.header.stream});
  ASSERT_NE(world.state().dossiers().find(dossier), nullptr);
  EXPECT_EQ(world.state().dossiers().find(dossier)->opened_at, released.position());
}

// "n of m in effect" would exceed m on the printed list.
TEST(State, CountsARowOfAListOnceHoweverOftenItsDossierComesBack) {
  World world;
  const auto& commune = world.commune(0);
  const events::DossierId dossier = world.register_citizen(0);
  const events::DossierId other = world.register_citizen(0);
  for (const events::DossierId each : {dossier, other}) world.assess(0, each);
  world.review(0, {dossier, other});
  const events::ListId list = world.submit(0, {dossier, other});
  const auto send = [&](const test_support::Officer& by, events::Payload payload) {
    return world
        .append({.chain = commune.devices[1],
                 .by = by,
                 .payload = std::move(payload),
                 .stream = test_support::stream_of(dossier)})
        .verdict()
        .takes_effect();
  };
  ASSERT_TRUE(send(commune.clerk, events::DossierReturned{events::ReturnReason::missing_evidence,
                                                          events::DossierState::reviewed,
                                                          {}}));
  ASSERT_TRUE(send(commune.entrant, events::DossierResubmitted{}));
  ASSERT_TRUE(send(commune.chair, events::DossierSubmitted{list}));
  EXPECT_EQ(world.state().documents().find(list.event)->in_effect, 2U);
}

}  // namespace
}  // namespace projections
