#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::HoldReason;
using events::Rule;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::World;

class Holds : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  /// On the device of the hamlet, or of the commune's office.
  Act on(std::size_t device, const Officer& by, events::Payload payload,
         std::optional<events::DossierId> about = std::nullopt) const {
    Act act{.chain = here().devices.at(device), .by = by, .payload = std::move(payload)};
    if (about) act.stream = test_support::stream_of(*about);
    return act;
  }
  events::DossierId submitted_dossier() {
    const events::DossierId dossier = world.register_citizen(0);
    world.assess(0, dossier);
    world.review(0, {dossier});
    world.submit(0, {dossier});
    return dossier;
  }

  World world;
};

// Two officers would undo each other's work without knowing.
TEST_F(Holds, ConflictWhenAnotherDeviceMovedTheDossierUnseen) {
  const events::DossierId dossier = world.register_citizen(0);
  const events::Position seen = world.head();
  world.append(on(1, here().entrant, world.a_sheet(), dossier));
  Act withdrawal = on(0, here().entrant, events::DossierWithdrawn{}, dossier);
  EXPECT_TRUE(is_accepted(judged(world, withdrawal)));
  withdrawal.seen = seen;
  const events::Verdict verdict = judged(world, withdrawal);
  EXPECT_TRUE(is_held(verdict, HoldReason::conflict, Rule::o_conflict));
  EXPECT_EQ(verdict.parameters,
            std::vector<std::int64_t>{static_cast<std::int64_t>(world.head().value)});
  withdrawal.chain = here().devices[1];
  EXPECT_TRUE(is_accepted(judged(world, withdrawal))) << "a device knows its own acts";
}

// Every piece of evidence would stop the work on its dossier.
TEST_F(Holds, NotWhenOnlyEvidenceCameMeanwhile) {
  const events::DossierId dossier = world.register_citizen(0);
  const events::Position seen = world.head();
  world.append(on(1, here().branch_head, World::a_sighting(), dossier));
  Act sheet = on(0, here().entrant, world.a_sheet(), dossier);
  sheet.seen = seen;
  const events::Verdict verdict = judged(world, sheet);
  EXPECT_EQ(verdict.code, events::VerdictCode::accepted_rebased);
  EXPECT_TRUE(verdict.takes_effect());
}

// Evidence would be lost because somebody else went on meanwhile.
TEST_F(Holds, EvidenceNeverConflicts) {
  const events::DossierId dossier = world.register_citizen(0);
  const events::Position seen = world.head();
  world.append(on(1, here().entrant, world.a_sheet(), dossier));
  Act evidence = on(0, here().entrant, World::a_sighting(), dossier);
  evidence.seen = seen;
  EXPECT_TRUE(is_accepted(judged(world, evidence)));
}

// An approver whose role ended would go on approving, or acts done in time would be lost (SC5).
TEST_F(Holds, SC5RevokedRoles) {
  const events::DossierId dossier = submitted_dossier();
  const events::DossierAppraised appraisal = world.an_appraisal(dossier);
  const events::Day revoked{world.today().value + 1};
  world.revoke(here().appraiser, revoked);
  world.wait_days(3);
  Act act = on(1, here().appraiser, appraisal, dossier);
  act.business_day = events::Day{revoked.value - 1};
  EXPECT_TRUE(is_accepted(judged(world, act), events::flag_role_revoked_since));
  act.business_day = revoked;
  EXPECT_TRUE(is_held(judged(world, act), HoldReason::no_authority, Rule::a_grant));
  act.business_day = events::Day{revoked.value - 1};
  act.intake.clock_offset_seconds = -400'000;
  EXPECT_TRUE(is_held(judged(world, act), HoldReason::clock, Rule::c_clock));
}

// A decision would be signed by somebody who had already lost the office when it arrived (SC5).
TEST_F(Holds, SC5DecisionsNeedTheRoleAtBothMoments) {
  const events::DossierId dossier = submitted_dossier();
  world.appraise(0, {dossier});
  Act decision = on(1, here().signer, world.a_decision(0, {dossier}));
  EXPECT_TRUE(is_accepted(judged(world, decision)));
  const events::DecisionId issued{world.append(decision).id()};
  const events::Day signed_on = world.today();
  world.revoke(here().signer, events::Day{signed_on.value + 1});
  world.wait_days(2);
  std::get<events::DecisionIssued>(decision.payload).number = 2;
  decision.business_day = signed_on;
  EXPECT_TRUE(is_held(judged(world, decision), HoldReason::no_authority, Rule::a_grant));
  Act grant = on(1, here().signer, events::TitleGranted{issued}, dossier);
  grant.business_day = signed_on;
  EXPECT_TRUE(is_held(judged(world, grant), HoldReason::no_authority, Rule::a_grant));
}

// A lent tablet would act in the name of people who never unlocked it.
TEST_F(Holds, NoAuthorityForWhoIsNotEnrolledOnTheDevice) {
  const events::DossierId dossier = world.open_dossier(0);
  const Officer stranger = world.hire(events::Role::proxy_entrant, here().unit, here().unit);
  EXPECT_TRUE(is_held(judged(world, on(0, stranger, World::a_registration(), dossier)),
                      HoldReason::no_authority, Rule::a_actor));
}

// Anybody could borrow a role: nobody's, another's, or one for another place.
TEST_F(Holds, NoAuthorityWithoutAGrantOfOnesOwnForThatUnit) {
  const events::DossierId dossier = world.open_dossier(0);
  Officer liar = here().entrant;
  liar.grant = events::RoleGrantId{events::EventId{World::administration, 9'000}};
  EXPECT_TRUE(is_held(judged(world, on(0, liar, World::a_registration(), dossier)),
                      HoldReason::no_authority, Rule::a_grant));
  liar.grant = here().branch_head.grant;
  EXPECT_TRUE(is_held(judged(world, on(0, liar, World::a_registration(), dossier)),
                      HoldReason::no_authority, Rule::a_grant));
  const Officer moved =
      world.appoint(here().entrant.person, events::Role::proxy_entrant, here().hamlets[1]);
  EXPECT_TRUE(is_held(judged(world, on(0, moved, World::a_registration(), dossier)),
                      HoldReason::no_authority, Rule::a_unit));
}

// A newer device's acts would be lost, or misread, by a server that lags behind.
TEST_F(Holds, SchemaUnknownForNewKindsAndNewerVersions) {
  const events::DossierId dossier = world.register_citizen(0);
  Act act = on(0, here().entrant, {}, dossier);
  const auto verdict_of = [&](std::uint16_t type, std::uint32_t schema) {
    const events::Event event = world.make_unknown(act, type, schema);
    return judge(event, {events::Position{world.head().value + 1}, world.now(), act.intake},
                 world.state());
  };
  const auto sheet = static_cast<std::uint16_t>(events::EventType::self_assessment_recorded);
  const Judgement new_kind = verdict_of(900, 1);
  EXPECT_TRUE(is_held(new_kind.verdict, HoldReason::schema_unknown, Rule::s_schema));
  EXPECT_EQ(new_kind.verdict.parameters, (std::vector<std::int64_t>{900, 1}));
  EXPECT_EQ(new_kind.scope, events::ScopeSet{here().unit});
  const Judgement newer = verdict_of(sheet, 7);
  EXPECT_TRUE(is_held(newer.verdict, HoldReason::schema_unknown, Rule::s_schema));

  // What the same device then does on the dossier builds on what nobody can read.
  world.append(world.make_unknown(act, sheet, 7), act.intake);
  EXPECT_TRUE(is_held(judged(world, on(0, here().entrant, world.a_sheet(), dossier)),
                      HoldReason::depends_on, Rule::o_depends_on));
  EXPECT_TRUE(is_accepted(judged(world, on(1, here().entrant, world.a_sheet(), dossier))));
}

// A flat battery would date registrations into 2021, a wrong day would count as early (SC6).
TEST_F(Holds, SC6Clocks) {
  const events::DossierId dossier = world.open_dossier(0);
  Act act = on(0, here().entrant, World::a_registration(), dossier);
  const auto with = [&](std::int64_t recorded_ahead, std::int64_t offset) {
    const auto now = static_cast<std::int64_t>(world.now().value);
    act.recorded_at = events::Timestamp{static_cast<std::uint64_t>(now + 1000 * recorded_ahead)};
    act.intake.clock_offset_seconds = offset;
    return judged(world, act);
  };
  constexpr std::int64_t day = 86'400;
  EXPECT_TRUE(is_accepted(with(0, 0)));
  EXPECT_TRUE(is_accepted(with(300, 300)));
  EXPECT_TRUE(is_accepted(with(301, 301), events::flag_clock_ahead));
  EXPECT_TRUE(is_accepted(with(26 * 3600, 26 * 3600), events::flag_clock_ahead));
  EXPECT_TRUE(is_held(with(3 * day, 3 * day), HoldReason::clock, Rule::c_clock));
  EXPECT_TRUE(is_held(with(-60 * day, -60 * day), HoldReason::clock, Rule::c_clock));
  EXPECT_TRUE(is_held(with(-60 * day, 0), HoldReason::clock, Rule::c_clock))
      << "recorded before the device was enrolled, on a clock put right since";
  EXPECT_TRUE(is_held(with(2 * day, 0), HoldReason::clock, Rule::c_clock));
  EXPECT_TRUE(is_accepted(with(-3600, -3600))) << "slow by an hour";
}

// Evidence on a dossier that waits would need a superior, though nothing is wrong with it.
TEST_F(Holds, WhatBuildsOnAHeldOpeningDependsOnIt) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  Act opening = on(0, here().branch_head, world.an_opening(citizen, 0));
  opening.intake.clock_offset_seconds = -400'000;
  const auto& held = world.append(opening);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::clock, Rule::c_clock));
  const events::DossierId dossier{held.id()};
  const auto depends = [&](const Act& act) {
    const events::Verdict verdict = judged(world, act);
    EXPECT_EQ(verdict.parameters,
              (std::vector<std::int64_t>{held.id().chain().value,
                                         static_cast<std::int64_t>(held.id().seq())}));
    return is_held(verdict, HoldReason::depends_on, Rule::o_depends_on);
  };
  EXPECT_TRUE(depends(on(0, here().branch_head, World::a_registration(), dossier)));
  EXPECT_TRUE(depends(on(1, here().branch_head, World::a_registration(), dossier)));
  EXPECT_TRUE(depends(on(0, here().branch_head, World::a_sighting(), dossier)));
  EXPECT_TRUE(depends(on(1, here().entrant, World::a_sighting(), dossier)));
  EXPECT_TRUE(depends(on(1, here().branch_head, world.a_meeting(0, {dossier}))));
  const events::DossierId nowhere{events::EventId{here().devices[0], 9'000}};
  EXPECT_TRUE(is_refused(judged(world, on(0, here().branch_head, World::a_sighting(), nowhere)),
                         Rule::o_unknown_thing));
}

// A step would count although the step before it may never have happened.
TEST_F(Holds, AnAuthorsLaterStepsWaitForTheirEarlierOnes) {
  const events::DossierId dossier = world.register_citizen(0);
  const events::Position seen = world.head();
  world.append(on(1, here().branch_head, World::a_sighting(), dossier));
  world.append(on(1, here().entrant, world.a_sheet(), dossier));
  Act sheet = on(0, here().entrant, world.a_sheet(70), dossier);
  sheet.seen = seen;
  const auto& first = world.append(sheet);
  ASSERT_TRUE(is_held(first.verdict(), HoldReason::conflict, Rule::o_conflict));
  const events::Verdict second =
      judged(world, on(0, here().entrant, events::DossierWithdrawn{}, dossier));
  EXPECT_TRUE(is_held(second, HoldReason::depends_on, Rule::o_depends_on));
  EXPECT_EQ(second.parameters[1], static_cast<std::int64_t>(first.id().seq()));
  EXPECT_TRUE(
      is_accepted(judged(world, on(1, here().entrant, events::DossierWithdrawn{}, dossier))))
      << "others are not bound by what waits";
}

// A device could write about the future, or an event could be about a thing of another kind.
TEST_F(Holds, NotWhatCanNeverBeRight) {
  const events::DossierId dossier = world.open_dossier(0);
  Act act = on(0, here().entrant, World::a_registration(), dossier);
  act.seen = events::Position{world.head().value + 1};
  EXPECT_TRUE(is_refused(judged(world, act), Rule::o_seen));
  events::LogRestored restored;
  restored.restored = events::Position{3};
  restored.repaired = world.head();
  world.append_system(restored);
  act.seen = events::Position{world.head().value + 1};
  EXPECT_TRUE(is_accepted(judged(world, act))) << "it may have seen more of the log that was lost";
  act.seen.reset();
  act.stream->kind = events::StreamKind::meeting;
  EXPECT_TRUE(is_refused(judged(world, act), Rule::o_stream));
  act.stream =
      events::StreamId{events::StreamKind::dossier, {act.chain, world.next_seq(act.chain)}};
  EXPECT_TRUE(is_refused(judged(world, act), Rule::o_stream));
  Act opening = on(0, here().entrant, world.an_opening(here().clerk.person, 0), dossier);
  EXPECT_TRUE(is_refused(judged(world, opening), Rule::o_stream));
}

}  // namespace
}  // namespace projections
