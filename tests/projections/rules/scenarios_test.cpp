#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <vector>

// The scenarios of domain.md 8, as far as the present workflow reaches.  SC5 and SC6: holds_test;
// SC8: scope_grants_test; SC10: last_evening_test.

namespace projections {
namespace {

using events::HoldReason;
using events::Rule;
using test_support::a_release;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::Officer;
using test_support::StoredAct;
using test_support::World;

class Scenarios : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  Act on(std::size_t device, const Officer& by, events::Payload payload,
         std::optional<events::DossierId> about = std::nullopt) const {
    Act act{.chain = here().devices.at(device), .by = by, .payload = std::move(payload)};
    if (about) act.stream = test_support::stream_of(*about);
    return act;
  }
  Act release(const StoredAct& held) const {
    return {.chain = here().devices[1],
            .by = here().clerk,
            .payload = events::HoldReleased{held.position(), a_release()},
            .stream = held.stored.event.header.stream};
  }
  Act refusal(const StoredAct& held) const {
    return {.chain = here().devices[1],
            .by = here().clerk,
            .payload = events::HoldRefused{held.position(),
                                           test_support::a_final_refusal(held.verdict().rule)},
            .stream = held.stored.event.header.stream};
  }
  /// What the last verdict about the event says.
  events::VerdictCode standing_of(const StoredAct& act) const {
    if (world.state().inbox().find(act.position()) != nullptr) return events::VerdictCode::held;
    const bool counts = world.state().dossiers().find(events::DossierId{act.id()}) != nullptr;
    return counts ? events::VerdictCode::accepted : events::VerdictCode::refused;
  }
  std::size_t dossiers() const { return world.state().dossiers().all().size(); }

  World world;
};

// Two hamlet officers register the same citizen offline: both acts are kept, one counts, and a
// person decides; nothing that the second officer wrote is lost before that.
TEST_F(Scenarios, SC1TwoOfficersRegisterTheSameCitizen) {
  const events::PersonId citizen = world.introduce(here().hamlets[0]);
  const events::Position before = world.head();
  const std::size_t dossiers_before = dossiers();
  const StoredAct& first = world.append(on(0, here().entrant, world.an_opening(citizen, 0)));
  ASSERT_TRUE(is_accepted(first.verdict()));
  Act opening = on(1, here().entrant, world.an_opening(citizen, 0));
  opening.seen = before;
  const StoredAct& second = world.append(opening);
  ASSERT_TRUE(is_held(second.verdict(), HoldReason::conflict, Rule::v23_one_dossier));
  const events::DossierId duplicate{second.id()};
  const StoredAct& registered =
      world.append(on(1, here().entrant, World::a_registration(), duplicate));
  const StoredAct& certificate =
      world.append(on(1, here().branch_head, World::a_sighting(), duplicate));
  EXPECT_TRUE(is_held(registered.verdict(), HoldReason::depends_on, Rule::o_depends_on));
  EXPECT_TRUE(is_held(certificate.verdict(), HoldReason::depends_on, Rule::o_depends_on));
  EXPECT_EQ(dossiers(), dossiers_before + 1) << "one citizen counts once";

  // Nobody can make both count; the clerk closes the second, and everything on it with it.
  EXPECT_TRUE(is_refused(judged(world, release(second)), Rule::v23_one_dossier));
  ASSERT_TRUE(is_accepted(world.append(refusal(second)).verdict()));
  EXPECT_EQ(world.state().inbox().size(), 0U);
  EXPECT_EQ(dossiers(), dossiers_before + 1);
}

// Evidence that arrives after the decision is kept with its mark and changes nothing that was
// decided.
TEST_F(Scenarios, SC2EvidenceAfterTheDecision) {
  const events::DossierId dossier = world.register_citizen(0);
  world.assess(0, dossier);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  world.appraise(0, {dossier});
  const events::Position seen = world.head();
  world.grant_title(0, {dossier});
  const Dossier decided = *world.state().dossiers().find(dossier);
  ASSERT_EQ(decided.state, events::DossierState::recognized);

  world.wait_days(8);
  Act dated_before = on(0, here().branch_head, World::a_sighting(), dossier);
  dated_before.seen = seen;
  dated_before.business_day = events::Day{world.today().value - 12};
  EXPECT_TRUE(is_accepted(world.append(dated_before).verdict(), events::flag_after_decision));
  EXPECT_TRUE(
      is_accepted(world.append(on(0, here().branch_head, World::a_sighting(), dossier)).verdict(),
                  events::flag_after_decision));
  const Dossier& after = *world.state().dossiers().find(dossier);
  EXPECT_EQ(after.state, decided.state);
  EXPECT_EQ(after.total_tenths, decided.total_tenths);
  EXPECT_EQ(after.outcome, decided.outcome);
}

// A sheet scored under another version waits for a person and never mixes versions: the scores are
// entered again, the old sheet stays in the log.
TEST_F(Scenarios, SC3AScoreSheetUnderAnotherVersionOfTheCriteria) {
  const events::DossierId dossier = world.register_citizen(0);
  events::CriteriaPublished next = world.state().rulebook().find(world.citizen_criteria())->content;
  ++next.version;
  events::SelfAssessmentRecorded sheet = world.a_sheet();
  sheet.criteria = events::CriteriaId{world.administer(next)};
  const StoredAct& held = world.append(on(0, here().entrant, sheet, dossier));
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::superseded_criteria, Rule::v14_criteria));
  EXPECT_EQ(held.verdict().parameters, (std::vector<std::int64_t>{next.version, next.version - 1}));
  EXPECT_EQ(world.state().dossiers().find(dossier)->state, events::DossierState::accepted);

  EXPECT_TRUE(is_refused(judged(world, release(held)), Rule::v14_criteria))
      << "nobody can make scores of one version count under another";
  ASSERT_TRUE(is_accepted(world.append(refusal(held)).verdict()));
  EXPECT_TRUE(is_accepted(world.append(on(0, here().entrant, world.a_sheet(), dossier)).verdict()));
}

/// A hamlet that is merged on the tenth while a device is offline from the fifth on.
class Merger : public Scenarios {
 protected:
  Merger() : citizens{world.introduce(old_hamlet()), world.introduce(old_hamlet())} {
    offline_since = world.head();
    world.wait_days(5);
    closed_from = world.today();
    world.administer(
        events::UnitClosed{old_hamlet(), closed_from, {here().hamlets[1]}, "Nghị quyết 17"},
        events::StreamId{events::StreamKind::unit, old_hamlet().event});
    world.wait_days(5);
  }
  events::UnitId old_hamlet() const { return here().hamlets[0]; }
  Act opening(std::size_t citizen, std::uint32_t day, events::Position seen) const {
    Act act = on(0, here().entrant, world.an_opening(citizens.at(citizen), 0));
    act.seen = seen;
    act.business_day = events::Day{day};
    return act;
  }

  std::vector<events::PersonId> citizens;
  events::Position offline_since;
  events::Day closed_from;
};

// What was done before the merger counts where it was done; what was done after it, by people who
// could not know, waits for a person who sees the successor, and is never refused.
TEST_F(Merger, SC4AUnitMergesWhileADeviceIsOffline) {
  const StoredAct& before = world.append(opening(0, closed_from.value - 2, offline_since));
  EXPECT_TRUE(is_accepted(before.verdict()));
  const StoredAct& after = world.append(opening(1, closed_from.value + 2, offline_since));
  ASSERT_TRUE(is_held(after.verdict(), HoldReason::unit_closed, Rule::v04_unit_open));
  const events::EventId successor = here().hamlets[1].event;
  ASSERT_EQ(after.verdict().parameters.size(), 4U);
  EXPECT_EQ(after.verdict().parameters[2], successor.chain().value);
  EXPECT_EQ(after.verdict().parameters[3], static_cast<std::int64_t>(successor.seq()));
  // Who is told of the merger may not go on in the old unit.
  EXPECT_TRUE(is_refused(judged(world, opening(1, closed_from.value + 2, world.head())),
                         Rule::v04_unit_open));

  const events::DossierId dossier{after.id()};
  const StoredAct& registered =
      world.append(on(0, here().entrant, World::a_registration(), dossier));
  EXPECT_TRUE(is_held(registered.verdict(), HoldReason::depends_on, Rule::o_depends_on));
  ASSERT_TRUE(is_accepted(world.append(release(after)).verdict()));
  EXPECT_EQ(standing_of(after), events::VerdictCode::accepted);
  EXPECT_EQ(world.state().dossiers().find(dossier)->state, events::DossierState::registered)
      << "what depended on it follows by itself";
}

// A citizen's name, too, may be filed under the old unit by somebody who could not know.
TEST_F(Merger, SC4PeopleOfTheOldUnitWaitAsWell) {
  events::PersonIntroduced person;
  person.home_unit = old_hamlet();
  person.private_digest = events::sha256(events::bytes_of("somebody"));
  Act introduced = on(0, here().entrant, person);
  introduced.seen = offline_since;
  const StoredAct& held = world.append(introduced);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::unit_closed, Rule::v04_unit_open));
  EXPECT_TRUE(is_accepted(world.append(release(held)).verdict()));
  EXPECT_NE(world.state().subjects().find(events::PersonId{held.id()}), nullptr);
}

// A laptop comes back after fourteen months: what it wrote in time is not lost, does not count by
// itself, and what counts already does not move.
TEST(ScenarioNine, SC9AClientReturnsAfterFourteenMonths) {
  World world;
  const test_support::CommuneWorld& here = world.commune(0);
  events::CycleOpened rules =
      world.a_cycle(events::TitleKind::learning_citizen, world.citizen_criteria());
  rules.deadline_basis = events::DeadlineBasis::declared;
  rules.late_policy = events::LatePolicy::refuse;
  rules.grace_days = 30;
  rules.registration.last = events::day_of({2021, 4, 30});
  const events::CycleId cycle = world.open(rules);
  const events::PersonId citizen = world.introduce(here.hamlets[0]);
  const events::Position offline_since = world.head();
  const events::Day declared = world.today();
  const std::size_t dossiers_before = world.state().dossiers().all().size();

  world.wait_days(425);
  events::DossierOpened payload = world.an_opening(citizen, 0);
  payload.cycle = cycle;
  Act opening{.chain = here.devices[0], .by = here.entrant, .payload = payload};
  opening.seen = offline_since;
  opening.business_day = declared;
  const StoredAct& held = world.append(opening);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::cycle_closed, Rule::v08_cycle_open));
  EXPECT_EQ(world.state().dossiers().all().size(), dossiers_before) << "filed figures do not move";

  // Dated after the deadline it is late, whoever looks at it.
  Act late = opening;
  late.business_day = events::day_of({2021, 5, 2});
  EXPECT_TRUE(is_refused(judged(world, late), Rule::v08_cycle_open));

  const Act released{.chain = here.devices[1],
                     .by = here.clerk,
                     .payload = events::HoldReleased{held.position(), a_release(events::flag_late)},
                     .stream = held.stored.event.header.stream};
  ASSERT_TRUE(is_accepted(world.append(released).verdict()));
  EXPECT_TRUE(world.state().dossiers().find(events::DossierId{held.id()})->late);
}

}  // namespace
}  // namespace projections
