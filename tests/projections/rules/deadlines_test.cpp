#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

namespace projections {
namespace {

using events::Day;
using events::DeadlineBasis;
using events::LatePolicy;
using events::Rule;
using test_support::Act;
using test_support::World;

Day march(int day) { return events::day_of({2021, 3, day}); }

enum class Outcome { in_time, late, refused, waits };

/// Registration from 10 to 20 March, five days of grace.
struct Round {
  Round(LatePolicy policy, DeadlineBasis basis) {
    events::CycleOpened rules =
        world.a_cycle(events::TitleKind::learning_citizen, world.citizen_criteria());
    rules.registration = {march(10), march(20)};
    rules.late_policy = policy;
    rules.deadline_basis = basis;
    rules.grace_days = 5;
    cycle = world.open(rules);
    citizen = world.introduce(world.commune(0).hamlets[0]);
  }

  Act opening(Day declared, events::Timestamp recorded) const {
    events::DossierOpened payload = world.an_opening(citizen, 0);
    payload.cycle = cycle;
    return {.chain = world.commune(0).devices[0],
            .by = world.commune(0).entrant,
            .payload = payload,
            .business_day = declared,
            .recorded_at = recorded};
  }

  events::Verdict declared_and_received(int declared, int received) const {
    const events::Timestamp moment = World::morning_of(march(received));
    return test_support::judged(world, opening(march(declared), moment), moment);
  }

  World world;
  events::CycleId cycle;
  events::PersonId citizen;
};

struct Delivery {
  int declared;
  int received;
  /// By policy: refuse, accept_flagged, accept_if_declared_in_time.
  std::array<Outcome, 3> by_received;
  std::array<Outcome, 3> by_declared;
};

using enum Outcome;
const std::vector<Delivery> deliveries = {
    {9, 15, {refused, refused, refused}, {refused, refused, refused}},
    {10, 10, {in_time, in_time, in_time}, {in_time, in_time, in_time}},
    {20, 20, {in_time, in_time, in_time}, {in_time, in_time, in_time}},
    {18, 25, {refused, late, late}, {late, late, late}},
    {18, 26, {refused, late, refused}, {waits, late, waits}},
    {21, 21, {refused, late, refused}, {refused, late, refused}},
    {22, 25, {refused, late, refused}, {refused, late, refused}},
};

// People who were in time would be shut out, or late ones let in without a trace (V08).
TEST(Deadlines, FollowThePolicyAndTheBasisOfTheCycle) {
  for (int policy = 1; policy <= 3; ++policy) {
    for (int basis = 1; basis <= 2; ++basis) {
      const Round round(static_cast<LatePolicy>(policy), static_cast<DeadlineBasis>(basis));
      for (const Delivery& day : deliveries) {
        SCOPED_TRACE("policy " + std::to_string(policy) + ", basis " + std::to_string(basis) +
                     ", declared " + std::to_string(day.declared) + ", received " +
                     std::to_string(day.received));
        const auto place = static_cast<std::size_t>(policy - 1);
        const Outcome expected = basis == 1 ? day.by_received.at(place) : day.by_declared.at(place);
        const events::Verdict verdict = round.declared_and_received(day.declared, day.received);
        if (expected == waits) {
          EXPECT_TRUE(test_support::is_held(verdict, events::HoldReason::cycle_closed,
                                            Rule::v08_cycle_open));
        } else if (expected == refused) {
          EXPECT_TRUE(test_support::is_refused(verdict, Rule::v08_cycle_open));
        } else {
          EXPECT_TRUE(test_support::is_accepted(verdict, expected == late ? events::flag_late : 0));
        }
      }
    }
  }
}

// A minute of a bad clock would decide whether a citizen was in time.
TEST(Deadlines, WaitForAPersonWhenTheClockMayHaveCrossedThem) {
  const Round round(LatePolicy::refuse, DeadlineBasis::declared);
  // 23:59:30 in Viet Nam on the last day.
  const events::Timestamp before_midnight{World::morning_of(march(20)).value + 57'570'000};
  Act act = round.opening(march(20), before_midnight);
  act.intake.clock_error_seconds = 29;
  EXPECT_TRUE(test_support::is_accepted(test_support::judged(round.world, act, before_midnight)));
  act.intake.clock_error_seconds = 60;
  EXPECT_TRUE(test_support::is_held(test_support::judged(round.world, act, before_midnight),
                                    events::HoldReason::clock, Rule::c_clock));
  // A day from the paper does not depend on the clock.
  act.recorded_at = World::morning_of(march(22));
  EXPECT_TRUE(test_support::is_accepted(
      test_support::judged(round.world, act, World::morning_of(march(22))), events::flag_late));
}

// Nobody could see that the paper itself came late.
TEST(Deadlines, MarkTheDossierThatCameLate) {
  Round round(LatePolicy::accept_flagged, DeadlineBasis::received);
  round.world.set_now(World::morning_of(march(25)));
  const Act act = round.opening(march(18), round.world.now());
  const auto& opened = round.world.append(act);
  ASSERT_TRUE(test_support::is_accepted(opened.verdict(), events::flag_late));
  EXPECT_TRUE(round.world.state().dossiers().find(events::DossierId{opened.id()})->late);
}

// A set or a cycle of the wrong title would bind dossiers to criteria that are not theirs (V14).
TEST(Deadlines, BelongToCyclesWhosePhasesAreInOrder) {
  World world;
  const auto judge_cycle = [&](events::CycleOpened cycle) {
    return test_support::judged(
        world,
        {.chain = World::administration, .by = world.administrator(), .payload = std::move(cycle)});
  };
  events::CycleOpened cycle =
      world.a_cycle(events::TitleKind::learning_citizen, world.citizen_criteria());
  EXPECT_TRUE(test_support::is_accepted(judge_cycle(cycle)));
  events::CycleOpened turned = cycle;
  turned.review = {march(20), march(10)};
  EXPECT_TRUE(test_support::is_refused(judge_cycle(turned), Rule::o_value));
  events::CycleOpened other_title = cycle;
  other_title.title = events::TitleKind::learning_family;
  EXPECT_TRUE(test_support::is_refused(judge_cycle(other_title), Rule::v14_criteria));
  events::CycleOpened unknown = cycle;
  unknown.criteria = events::CriteriaId{events::EventId{World::administration, 9'000}};
  EXPECT_TRUE(test_support::is_refused(judge_cycle(unknown), Rule::o_unknown_thing));
}

}  // namespace
}  // namespace projections
