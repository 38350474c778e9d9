#include "events/base/calendar_end.h"
#include "projections/rules/follow_up_events.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"
#include "projections/state/cycle_phases.h"
#include "projections/state/standing.h"
#include "projections/views/statistics.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

// What is owed because a day came (domain.md 2.6, 4.5, 4.8).

namespace projections {
namespace {

using events::CyclePhase;
using events::Day;
using events::DeadlineBasis;
using events::DossierState;
using events::HoldReason;
using events::LatePolicy;
using events::Rule;
using events::Timestamp;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::Officer;
using test_support::StoredAct;
using test_support::World;

Day day(int month, int number) { return events::day_of({2021, month, number}); }
Timestamp midnight(int month, int number) {
  return events::midnight_in_vietnam(day(month, number));
}
Timestamp just_before(Timestamp moment) { return Timestamp{moment.value - 1}; }

class PassingDays : public ::testing::Test {
 protected:
  const test_support::CommuneWorld& here() const { return world.commune(0); }

  /// Registration to 20 March, self-assessment to 20 April, review to 20 May, appraisal to 20 June,
  /// decision to 20 July; five days of grace.
  events::CycleOpened a_cycle() const {
    events::CycleOpened cycle =
        world.a_cycle(events::TitleKind::learning_citizen, world.citizen_criteria());
    cycle.registration = {day(3, 1), day(3, 20)};
    cycle.self_assessment = {day(3, 1), day(4, 20)};
    cycle.review = {day(3, 1), day(5, 20)};
    cycle.appraisal = {day(3, 1), day(6, 20)};
    cycle.decision = {day(3, 1), day(7, 20)};
    cycle.late_policy = LatePolicy::accept_if_declared_in_time;
    cycle.deadline_basis = DeadlineBasis::declared;
    cycle.grace_days = 5;
    return cycle;
  }
  events::DossierId registered(events::CycleId cycle) {
    const events::PersonId citizen = world.introduce(here().hamlets[0]);
    const events::DossierId dossier = world.open_dossier(0, citizen, cycle);
    world.register_dossier(0, dossier);
    world.accept_registration(0, dossier);
    return dossier;
  }
  Act on(std::size_t device, const Officer& by, events::Payload payload,
         events::DossierId about) const {
    return {.chain = here().devices.at(device),
            .by = by,
            .payload = std::move(payload),
            .stream = test_support::stream_of(about)};
  }
  /// Held, because the office's device had not seen the sheet.
  const StoredAct& a_conflict(events::DossierId dossier) {
    const events::Position seen = world.head();
    world.assess(0, dossier);
    Act withdrawal = on(1, here().entrant, events::DossierWithdrawn{}, dossier);
    withdrawal.seen = seen;
    const StoredAct& held = world.append(withdrawal);
    EXPECT_TRUE(is_held(held.verdict(), HoldReason::conflict, Rule::o_conflict));
    return held;
  }
  DossierState standing(events::DossierId dossier) const {
    return standing_of(*world.state().dossiers().find(dossier), world.state().rulebook());
  }
  void pass_to(Timestamp moment) {
    world.set_now(moment);
    world.settle();
  }
  /// "PhaseClosed 7 registration", "HoldReleased 12" …, of the system's events behind `after`.
  std::vector<std::string> said_after(events::Position after) const {
    std::vector<std::string> said;
    for (std::uint64_t at = after.value + 1; at <= world.head().value; ++at) {
      const StoredAct& act = world.at(events::Position{at});
      if (act.id().chain() != events::system_chain) continue;
      EXPECT_TRUE(act.verdict().takes_effect());
      said.push_back(events::match(
          act.stored.event.payload,
          [](const events::PhaseClosed& e) {
            return "PhaseClosed " + std::to_string(e.cycle.event.seq()) + " " +
                   std::string(word_of(e.phase));
          },
          [](const events::HoldReleased& e) {
            return "HoldReleased " + std::to_string(e.held.value);
          },
          [](const events::HoldChanged& e) {
            return "HoldChanged " + std::to_string(e.held.value);
          },
          [](const events::HoldRefused& e) {
            return "HoldRefused " + std::to_string(e.held.value) + " " +
                   std::string(word_of(e.verdict.rule));
          },
          [](const auto&) { return std::string("another"); }));
    }
    return said;
  }
  static std::string closed(events::CycleId cycle, const char* phase) {
    return "PhaseClosed " + std::to_string(cycle.event.seq()) + " " + phase;
  }

  World world;
};

using Said = std::vector<std::string>;

// A dossier would be called late while its paper was still on the road, or never.
TEST_F(PassingDays, APhaseClosesOnceAtTheMidnightBehindItsGrace) {
  const events::CycleId cycle = world.open(a_cycle());
  const events::Position before = world.head();
  EXPECT_EQ(next_deadline(world.state()), midnight(3, 26));
  pass_to(just_before(midnight(3, 26)));
  EXPECT_EQ(said_after(before), Said{});
  pass_to(midnight(3, 26));
  EXPECT_EQ(said_after(before), Said{closed(cycle, "registration")});
  EXPECT_EQ(next_deadline(world.state()), midnight(4, 26));
  pass_to(just_before(midnight(4, 26)));
  EXPECT_EQ(said_after(before).size(), 1U);
}

// A server that slept through half a year would leave phases open, or close them in any order.
TEST_F(PassingDays, WhatBecameDueLongAgoIsMadeGoodInTheOrderOfTheDays) {
  const events::CycleId cycle = world.open(a_cycle());
  const events::Position before = world.head();
  EXPECT_FALSE(world.state().rulebook().is_closed(cycle));
  world.set_now(midnight(9, 1));
  world.introduce(here().hamlets[0]);
  EXPECT_EQ(said_after(before),
            (Said{closed(cycle, "registration"), closed(cycle, "self_assessment"),
                  closed(cycle, "review"), closed(cycle, "appraisal"), closed(cycle, "decision")}));
  EXPECT_TRUE(world.state().rulebook().is_closed(cycle));
  EXPECT_EQ(world.at(world.head()).stored.event.header.chain, World::administration)
      << "what was owed comes before what was received";
}

// Two servers that read one log would write two.
TEST_F(PassingDays, OneMomentHasOneOrder) {
  events::CycleOpened other = a_cycle();
  const events::CycleId first = world.open(a_cycle());
  const events::CycleId second = world.open(other);
  Act ahead{.chain = here().devices[0],
            .by = here().entrant,
            .payload = world.an_opening(world.introduce(here().hamlets[0]), 0),
            .business_day = day(3, 27)};
  const events::Position held = world.append(ahead).position();
  const events::Position before = world.head();
  pass_to(midnight(3, 26));
  EXPECT_EQ(said_after(before), (Said{closed(first, "registration"), closed(second, "registration"),
                                      "HoldReleased " + std::to_string(held.value)}));
}

struct Grace {
  LatePolicy policy;
  DeadlineBasis basis;
  bool counts;
};

// The log would call a phase over in whose grace it still takes acts.
TEST_F(PassingDays, TheGraceCountsWhereTheCycleTakesActsInIt) {
  using enum LatePolicy;
  using enum DeadlineBasis;
  const std::vector<Grace> graces = {
      {refuse, received, false},        {refuse, declared, true},
      {accept_flagged, received, true}, {accept_if_declared_in_time, received, true},
      {accept_flagged, declared, true}, {accept_if_declared_in_time, declared, true},
  };
  for (const Grace& grace : graces) {
    events::CycleOpened cycle = a_cycle();
    cycle.late_policy = grace.policy;
    cycle.deadline_basis = grace.basis;
    EXPECT_EQ(closes_at(cycle, CyclePhase::review), midnight(5, grace.counts ? 26 : 21))
        << word_of(grace.policy) << " " << word_of(grace.basis);
  }
}

// A title would be over before it was given.
TEST_F(PassingDays, TitlesAreValidToTheEndOfTheYearOfTheDecision) {
  events::CycleOpened cycle = a_cycle();
  const Timestamp new_year = events::midnight_in_vietnam(events::day_of({2022, 1, 1}));
  EXPECT_EQ(closes_at(cycle, CyclePhase::validity), new_year);
  cycle.decision.last = day(12, 31);
  EXPECT_EQ(closes_at(cycle, CyclePhase::validity), closes_at(cycle, CyclePhase::decision));
  cycle.decision.last = events::last_day;
  EXPECT_EQ(closes_at(cycle, CyclePhase::validity), events::calendar_end) << "never";
  cycle.decision.last = Day{~std::uint32_t{0}};
  EXPECT_EQ(closes_at(cycle, CyclePhase::decision), events::calendar_end);
}

// A paper that is dated tomorrow week would wait for ever, or for a clerk.
TEST_F(PassingDays, APaperDatedAheadIsJudgedWhenItsDayHasCome) {
  const events::CycleId cycle = world.open(a_cycle());
  const events::DossierId dossier = registered(cycle);
  Act sheet = on(0, here().entrant, world.a_sheet(), dossier);
  sheet.business_day = day(3, 20);
  const StoredAct& held = world.append(sheet);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::date_ahead, Rule::v03_business_day));
  const events::Position before = world.head();
  pass_to(just_before(midnight(3, 19)));
  EXPECT_EQ(said_after(before), Said{});
  pass_to(midnight(3, 19));
  EXPECT_EQ(said_after(before), Said{"HoldReleased " + std::to_string(held.position().value)});
  EXPECT_EQ(standing(dossier), DossierState::self_assessed);
}

// What the day brings to light would be passed over.
TEST_F(PassingDays, APaperDatedAheadMayWaitForAnotherReasonThen) {
  const events::DossierId dossier = registered(world.open(a_cycle()));
  const events::Position seen = world.head();
  Act withdrawal = on(1, here().entrant, events::DossierWithdrawn{}, dossier);
  withdrawal.business_day = day(3, 20);
  withdrawal.seen = seen;
  const events::Position held = world.append(withdrawal).position();
  world.assess(0, dossier);
  const events::Position before = world.head();
  pass_to(midnight(3, 19));
  EXPECT_EQ(said_after(before), Said{"HoldChanged " + std::to_string(held.value)});
  EXPECT_EQ(world.state().inbox().find(held)->verdict.hold, HoldReason::conflict);
  const Timestamp end{midnight(3, 19).value + hold_days_max * events::milliseconds_per_day};
  EXPECT_EQ(world.state().inbox().next_deadline(), end) << "the clerk has the whole time for it";
}

// Whoever is about to lose a role would date its acts into the time behind it.
TEST_F(PassingDays, ARoleThatEndedBeforeTheDayOfThePaperGivesNoAuthority) {
  const Officer registrar = world.hire(events::Role::registrar, here().unit, here().hamlets[0]);
  const events::ChainNumber tablet = world.enrol({registrar.person}, "Máy phường");
  const events::PersonId friend_of_theirs = world.introduce(here().hamlets[0]);
  const auto grant = [&](Day paper) {
    return Act{.chain = tablet,
               .by = registrar,
               .payload = events::RoleGranted{friend_of_theirs, events::Role::commune_clerk,
                                              here().unit, day(1, 1), Day{}, "09/QĐ"},
               .business_day = paper};
  };
  const events::Position planted = world.append(grant(day(3, 20))).position();
  ASSERT_TRUE(is_held(world.at(planted).verdict(), HoldReason::date_ahead, Rule::v03_business_day));
  world.wait_days(1);
  world.revoke(registrar, world.today());
  const events::Position before = world.head();
  pass_to(midnight(3, 19));
  EXPECT_EQ(said_after(before), Said{"HoldChanged " + std::to_string(planted.value)});
  EXPECT_EQ(world.state().inbox().find(planted)->verdict.hold, HoldReason::no_authority);
}

// A slip of the year would keep an act for a century.
TEST_F(PassingDays, APaperDatedFarAheadIsNotKeptForEver) {
  Act opening{.chain = here().devices[0],
              .by = here().entrant,
              .payload = world.an_opening(world.introduce(here().hamlets[0]), 0),
              .business_day = events::day_of({2121, 3, 2})};
  const StoredAct& held = world.append(opening);
  ASSERT_TRUE(is_held(held.verdict(), HoldReason::date_ahead, Rule::v03_business_day));
  const events::Position before = world.head();
  world.wait_days(hold_days_max);
  world.settle();
  EXPECT_EQ(said_after(before),
            Said{"HoldRefused " + std::to_string(held.position().value) + " O407"});
}

// Its author would never hear anything, and what builds on it would wait as long.
TEST_F(PassingDays, WhatNobodyDecidesAboutIsRefusedAndWhatBuildsOnItIsJudged) {
  const events::DossierId dossier = registered(world.open(a_cycle()));
  const events::Position conflict = a_conflict(dossier).position();
  Act dependent = on(1, here().entrant, world.a_sheet(90), dossier);
  const StoredAct& waits = world.append(dependent);
  ASSERT_EQ(waits.verdict().hold, HoldReason::depends_on);
  const events::Position before = world.head();
  const Timestamp end{world.now().value + hold_days_max * events::milliseconds_per_day};
  pass_to(just_before(end));
  for (const std::string& said : said_after(before)) {
    EXPECT_EQ(said.find("Hold"), std::string::npos) << said;
  }
  const events::Position eve = world.head();
  pass_to(end);
  const Said said = said_after(eve);
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0], "HoldRefused " + std::to_string(conflict.value) + " O407");
  EXPECT_EQ(said[1], "HoldReleased " + std::to_string(waits.position().value));
  EXPECT_EQ(world.state().inbox().size(), 0U);
}

// An act of a program that is not built yet would be lost while the server waits for its update.
TEST_F(PassingDays, WhatWaitsForANewerBuildWaitsOn) {
  const events::DossierId dossier = registered(world.open(a_cycle()));
  world.append(world.make_unknown(on(0, here().entrant, {}, dossier), 77, 1), {});
  ASSERT_EQ(world.state().inbox().size(), 1U);
  world.wait_days(3 * 365);
  world.settle();
  EXPECT_EQ(world.state().inbox().size(), 1U);
}

// One event per dossier would stop the log thread for a hundred thousand of them.
TEST_F(PassingDays, OneEventLapsesAllThatWereNotFinished) {
  const events::CycleId cycle = world.open(a_cycle());
  const events::DossierId accepted = registered(cycle);
  const events::DossierId assessed = registered(cycle);
  world.assess(0, assessed);
  const events::DossierId draft = world.open_dossier(0, world.introduce(here().hamlets[0]), cycle);
  const events::Position before = world.head();
  pass_to(midnight(3, 26));
  EXPECT_EQ(standing(draft), DossierState::lapsed);
  EXPECT_EQ(standing(accepted), DossierState::accepted);
  pass_to(midnight(4, 26));
  EXPECT_EQ(standing(accepted), DossierState::lapsed);
  EXPECT_EQ(standing(assessed), DossierState::self_assessed);
  pass_to(midnight(5, 26));
  EXPECT_EQ(standing(assessed), DossierState::lapsed);
  EXPECT_EQ(said_after(before).size(), 3U) << "one a phase, whatever the number of dossiers";
}

// Where late acts are taken a dossier would be called over while it goes on.
TEST_F(PassingDays, NothingLapsesWhereLateActsAreTaken) {
  events::CycleOpened lenient = a_cycle();
  lenient.late_policy = LatePolicy::accept_flagged;
  const events::CycleId cycle = world.open(lenient);
  const events::DossierId dossier = registered(cycle);
  pass_to(midnight(8, 1));
  EXPECT_EQ(standing(dossier), DossierState::accepted);
  EXPECT_FALSE(world.state().rulebook().is_closed(cycle));
}

// Weeks without signal would cost the title although the paper is in order (T30, SC9).
TEST_F(PassingDays, ALateActThatAPersonReleasesBringsALapsedDossierBack) {
  const events::DossierId dossier = registered(world.open(a_cycle()));
  pass_to(World::morning_of(day(5, 2)));
  ASSERT_EQ(standing(dossier), DossierState::lapsed);
  Act sheet = on(0, here().entrant, world.a_sheet(), dossier);
  sheet.business_day = day(4, 10);
  sheet.recorded_at = World::morning_of(day(4, 10));
  const StoredAct& held = world.append(sheet);
  EXPECT_TRUE(is_held(held.verdict(), HoldReason::cycle_closed, Rule::v08_cycle_open));
  EXPECT_EQ(standing(dossier), DossierState::lapsed);
  const StoredAct& released = world.append(on(
      1, here().clerk,
      events::HoldReleased{held.position(), test_support::a_release(events::flag_late)}, dossier));
  EXPECT_TRUE(is_accepted(released.verdict()));
  EXPECT_EQ(standing(dossier), DossierState::self_assessed);
  Act late = on(0, here().entrant, world.a_sheet(), registered(world.citizen_cycle()));
  EXPECT_TRUE(is_accepted(world.append(late).verdict())) << "other cycles go on";
}

// A figure that was filed would fall on New Year's Day.
TEST_F(PassingDays, ATitleThatExpiredStaysCountedInItsYear) {
  const events::CycleId cycle = world.open(a_cycle());
  const events::DossierId dossier = registered(cycle);
  world.assess(0, dossier);
  world.review(0, {dossier});
  world.submit(0, {dossier});
  world.appraise(0, {dossier});
  world.grant_title(0, {dossier});
  EXPECT_EQ(standing(dossier), DossierState::recognized);
  const Counters before = Statistics::of(world.state()).sum({.cycle = cycle});
  EXPECT_EQ(before.recognized, 1U);
  pass_to(just_before(events::midnight_in_vietnam(events::day_of({2022, 1, 1}))));
  EXPECT_EQ(standing(dossier), DossierState::recognized);
  pass_to(events::midnight_in_vietnam(events::day_of({2022, 1, 1})));
  EXPECT_EQ(standing(dossier), DossierState::expired);
  const Counters after = Statistics::of(world.state()).sum({.cycle = cycle});
  EXPECT_EQ(events::encode(after), events::encode(before));
}

/// The log goes on from `after`; the state alone, since the world's clock never goes back.
State corrected(const World& world, Timestamp after) {
  State state = world.state();
  const events::StreamId of_log{events::StreamKind::log, {events::system_chain, 1}};
  const events::Event correction = make_system_event(
      world.next_seq(events::system_chain), of_log, events::ClockCorrected{world.now(), after},
      world.head(), after, world.state().rulebook().rules());
  events::Verdict accepted;
  accepted.code = events::VerdictCode::accepted;
  state.apply({events::Position{world.head().value + 1}, after, {}, correction, accepted},
              events::ScopeSet{events::reference_scope});
  return state;
}

// A server that was in August for an hour would have closed the year for everybody.
TEST_F(PassingDays, ACorrectedClockOpensAgainWhatItClosed) {
  const events::CycleId cycle = world.open(a_cycle());
  world.open_dossier(0, world.introduce(here().hamlets[0]), cycle);
  pass_to(midnight(8, 1));
  const events::Position held = a_conflict(registered(world.citizen_cycle())).position();
  const State state = corrected(world, midnight(4, 1));
  const Cycle* const reopened = state.rulebook().find(cycle);
  EXPECT_TRUE(reopened->is_closed(CyclePhase::registration)) << "it was over by then";
  EXPECT_FALSE(reopened->is_closed(CyclePhase::self_assessment));
  EXPECT_FALSE(state.rulebook().is_closed(cycle));
  EXPECT_EQ(next_follow_up(state, midnight(4, 1)), std::nullopt);
  EXPECT_EQ(next_deadline(state), midnight(4, 26));
  EXPECT_EQ(state.inbox().find(held)->since, midnight(4, 1)) << "nothing waits since a later day";
}

// A restarted server, and a device that begins from a snapshot, would owe something else.
TEST_F(PassingDays, ACheckpointOwesTheSame) {
  const events::CycleId cycle = world.open(a_cycle());
  a_conflict(registered(cycle));
  pass_to(midnight(4, 2));
  const events::Result<State> restored = events::decode<State>(events::encode(world.state()));
  ASSERT_TRUE(restored);
  EXPECT_EQ(next_deadline(*restored), next_deadline(world.state()));
  EXPECT_EQ(restored->inbox().next_deadline(), world.state().inbox().next_deadline());
  EXPECT_EQ(restored->rulebook().next_closing(), world.state().rulebook().next_closing());
  EXPECT_TRUE(restored->rulebook().find(cycle)->is_closed(CyclePhase::registration));
}

// The server itself could close a phase early, twice, or one that there is not.
TEST_F(PassingDays, TheJudgeTakesNoPhaseClosedThatIsNotDue) {
  const events::CycleId cycle = world.open(a_cycle());
  const auto said = [&](CyclePhase phase, events::CycleId of) {
    const events::StreamId stream{events::StreamKind::cycle, of.event};
    return world.append_system(events::PhaseClosed{of, phase}, stream).verdict();
  };
  const events::CycleId none{events::EventId{World::administration, 9'999}};
  EXPECT_FALSE(said(CyclePhase::registration, cycle).takes_effect()) << "early";
  EXPECT_FALSE(said(static_cast<CyclePhase>(9), cycle).takes_effect());
  EXPECT_FALSE(said(CyclePhase::registration, none).takes_effect());
  pass_to(midnight(3, 26));
  EXPECT_FALSE(said(CyclePhase::registration, cycle).takes_effect()) << "twice";
  const Act own{.chain = World::administration,
                .by = world.administrator(),
                .payload = events::PhaseClosed{cycle, CyclePhase::review},
                .stream = events::StreamId{events::StreamKind::cycle, cycle.event}};
  EXPECT_TRUE(test_support::is_refused(test_support::judged(world, own), Rule::a_system));
}

}  // namespace
}  // namespace projections
