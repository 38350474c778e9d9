#include "events/crypto/digest.h"
#include "projections/rules/rules.h"
#include "projections/rules/system_events.h"
#include "projections/views/all_projections.h"
#include "tests/rules_2/rules_2.h"
#include "tests/support/world.h"
#include "tests/support/world_judging.h"
#include "tests/support/world_random.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>
#include <string>

// Rules change while a log lives: what was judged stays judged, what comes is judged by the new.

namespace projections {
namespace {

using events::RulesVersion;
using test_support::Act;
using test_support::is_accepted;
using test_support::is_held;
using test_support::is_refused;
using test_support::judged;
using test_support::RandomActs;
using test_support::StoredAct;
using test_support::World;

constexpr RulesVersion first{1};
constexpr RulesVersion second{2};

/// KHUYENHOC_RANDOM_LOGS: how many; 10,000 and more at night.
std::uint64_t random_logs() {
  const char* const wanted = std::getenv("KHUYENHOC_RANDOM_LOGS");
  return wanted == nullptr ? 150 : std::strtoull(wanted, nullptr, 10);
}

const World& founded() {
  static const World world;
  return world;
}

/// The same with a dossier of the second commune that is appraised and not decided yet.
struct Appraised {
  World world = founded();
  events::DossierId dossier = world.register_citizen(1);
  Appraised() {
    world.assess(1, dossier);
    world.review(1, {dossier});
    world.submit(1, {dossier});
    world.appraise(1, {dossier});
  }
};

/// A life in the middle of which version 2 is adopted; in each third one the appraised dossier is
/// withdrawn then, which version 1 does not know.
World lived(std::uint64_t seed) {
  static const Appraised appraised;
  World world = appraised.world;
  RandomActs acts(world, seed);
  std::mt19937_64 engine(seed);
  const std::uint64_t before = engine() % 90;
  for (std::uint64_t act = 0; act < before; ++act) acts.act();
  world.adopt(second);
  if (seed % 3 == 0) {
    world.append({.chain = world.commune(1).devices[1],
                  .by = world.commune(1).entrant,
                  .payload = events::DossierWithdrawn{},
                  .stream = test_support::stream_of(appraised.dossier)});
  }
  for (int act = 0; act < 60; ++act) acts.act();
  return world;
}

std::string described(const StoredAct& act) {
  return std::string(events::event_name(act.stored.event.header.type)) + " at " +
         std::to_string(act.position().value);
}

class Adoption : public testing::Test {
 protected:
  World world = founded();
  const test_support::CommuneWorld& here() const { return world.commune(0); }
  Act on(const test_support::Officer& officer, events::Payload payload,
         events::DossierId dossier) const {
    return {.chain = here().devices[1],
            .by = officer,
            .payload = std::move(payload),
            .stream = test_support::stream_of(dossier)};
  }
  void take_to_appraised(events::DossierId dossier) {
    world.assess(0, dossier);
    world.review(0, {dossier});
    world.submit(0, {dossier});
    world.appraise(0, {dossier});
  }
};

// ---- the mechanism ----

TEST(RulesVersions, TheTestKnowsOneMoreThanTheShippedBuild) {
  ASSERT_EQ(known_policies().size(), 2U);
  ASSERT_EQ(known_rules().size(), 2U);
  EXPECT_EQ(newest_rules(), second);
  for (std::uint32_t version = 1; version <= 2; ++version) {
    EXPECT_EQ(policy_of(RulesVersion{version}).version().value, version);
    EXPECT_EQ(rules_of(RulesVersion{version}).version().value, version);
    EXPECT_EQ(&rules_of(RulesVersion{version}).policy(), &policy_of(RulesVersion{version}));
  }
  EXPECT_EQ(rules_of(RulesVersion{9}).version(), second) << "the newest that this build has";
}

TEST(RulesVersions, SayWhichKindsTheyMoveOtherwise) {
  EXPECT_EQ(
      moved_otherwise(policy_of(first), policy_of(second)),
      std::vector<std::uint16_t>{static_cast<std::uint16_t>(events::EventType::dossier_withdrawn)});
  EXPECT_TRUE(moved_otherwise(policy_of(second), policy_of(second)).empty());
}

// ---- what version 2 changes, and from when on ----

TEST_F(Adoption, TheVerdictSaysByWhichRules) {
  const events::DossierId before = world.open_dossier(0);
  EXPECT_EQ(world.stored().back().verdict().rules, first);
  const StoredAct& adopted = world.adopt(second);
  EXPECT_EQ(adopted.verdict().rules, first) << "the old rules were in force when it came";
  EXPECT_EQ(adopted.stored.event.header.rules, first);
  world.open_dossier(0);
  EXPECT_EQ(world.stored().back().verdict().rules, second);
  EXPECT_EQ(world.stored().back().stored.event.header.rules, second);
  EXPECT_NE(world.state().dossiers().find(before), nullptr);
}

TEST_F(Adoption, AStepIsTakenByTheRulesInForce) {
  const events::DossierId dossier = world.register_citizen(0);
  take_to_appraised(dossier);
  const Act withdrawal = on(here().entrant, events::DossierWithdrawn{}, dossier);
  EXPECT_TRUE(is_refused(judged(world, withdrawal), events::Rule::t_step));
  world.adopt(second);
  const StoredAct& withdrawn = world.append(withdrawal);
  EXPECT_TRUE(is_accepted(withdrawn.verdict()));
  EXPECT_EQ(world.state().dossiers().find(dossier)->state, events::DossierState::withdrawn);
}

TEST_F(Adoption, AGuardIsAskedByTheRulesInForce) {
  const events::DossierId dossier = world.register_citizen(0);
  const Act sheet = on(here().entrant, world.a_sheet(60), dossier);
  EXPECT_TRUE(is_accepted(judged(world, sheet)));
  world.adopt(second);
  EXPECT_TRUE(is_refused(judged(world, sheet), events::Rule::v12_total));
  world.append(on(here().entrant, World::a_sighting(), dossier));
  EXPECT_TRUE(is_accepted(judged(world, sheet)));
}

TEST_F(Adoption, AScopeFollowsTheRulesInForce) {
  const events::CollectiveIntroduced nobodys{events::CollectiveKind::household,
                                             here().hamlets[0],
                                             {},
                                             4,
                                             events::sha256(events::bytes_of("four"))};
  const Act act{.chain = here().devices[1], .by = here().entrant, .payload = nobodys};
  EXPECT_EQ(world.append(act).scope, events::ScopeSet{here().unit});
  world.adopt(second);
  EXPECT_EQ(world.append(act).scope, events::ScopeSet{events::reference_scope});
}

// Who released it knows the new rules; the old ones judged what nobody remembers.
TEST_F(Adoption, WhatWaitsIsJudgedAgainByTheRulesThenInForce) {
  const events::DossierId dossier = world.register_citizen(0);
  Act late = on(here().entrant, world.a_sheet(60), dossier);
  late.intake.clock_offset_seconds = 4 * 86'400;
  const StoredAct held = world.append(late);
  ASSERT_TRUE(is_held(held.verdict(), events::HoldReason::clock, events::Rule::c_clock));
  const HeldEventPtr waiting = world.state().inbox().find(held.position());
  EXPECT_EQ(judge_again(*waiting, world.state(), true, world.now()).code,
            events::VerdictCode::accepted);
  world.adopt(second);
  const events::Verdict again = judge_again(*waiting, world.state(), true, world.now());
  EXPECT_TRUE(is_refused(again, events::Rule::v12_total));
  EXPECT_EQ(again.rules, second);
}

// ---- random lives ----

// Honest old logs would fail their audit, or a favour would pass for an old rule.
TEST(AdoptionProperties, EveryVerdictAndEveryStateIsFoundAgain) {
  const std::uint64_t count = random_logs();
  std::size_t withdrawn_after_appraisal = 0;
  std::size_t refused_by_the_new_guard = 0;
  std::size_t everybodys = 0;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    State state;
    std::size_t system_events = 0;
    events::Timestamp last;
    for (const StoredAct& act : world.stored()) {
      const events::StoredEvent& stored = act.stored;
      const events::EventHeader& header = stored.event.header;
      std::optional<events::Event> owed;
      // What a day brought comes with what follows; everything else with what was before.
      for (const events::Timestamp at : {last, stored.received_at}) {
        auto due = next_follow_up(state, at);
        if (!due) continue;
        owed = make_system_event(system_events + 1, due->stream, std::move(due->payload),
                                 state.applied(), at, state.rulebook().rules());
        break;
      }
      const bool is_owed = !events::stream_kind_of(stored.event.payload) ||
                           std::holds_alternative<events::PhaseClosed>(stored.event.payload);
      const bool is_hold = is_owed && header.chain == events::system_chain;
      if (header.chain == events::system_chain) ++system_events;
      ASSERT_EQ(owed.has_value(), is_hold) << described(act);
      if (owed) {
        ASSERT_EQ(owed->canonical, stored.event.canonical) << described(act);
      }

      const Judgement again =
          judge(stored.event, {stored.position, stored.received_at, stored.intake}, state);
      ASSERT_EQ(again.verdict, stored.verdict) << described(act);
      ASSERT_EQ(again.scope, act.scope) << described(act);
      if (again.verdict.rules == second) {
        const bool takes_effect = again.verdict.takes_effect();
        if (std::holds_alternative<events::DossierWithdrawn>(stored.event.payload)) {
          const Dossier* const row = state.dossiers().find(events::DossierId{header.stream.id});
          if (takes_effect && row->state == events::DossierState::appraised) {
            ++withdrawn_after_appraisal;
          }
        }
        const bool is_sheet =
            std::holds_alternative<events::SelfAssessmentRecorded>(stored.event.payload);
        if (is_sheet && again.verdict.rule == events::Rule::v12_total) ++refused_by_the_new_guard;
        const bool is_collective =
            std::holds_alternative<events::CollectiveIntroduced>(stored.event.payload);
        if (is_collective && takes_effect && act.scope.contains(events::reference_scope))
          ++everybodys;
      }
      state.apply(stored, act.scope);
      last = stored.received_at;
    }
    ASSERT_FALSE(next_follow_up(state, last));
    ASSERT_EQ(events::encode(state), events::encode(world.state()));
    ASSERT_TRUE(state.left_out().empty());
    // A restart in the middle must not bring the old rules back.
    const events::Result<State> restarted = events::decode<State>(events::encode(state));
    ASSERT_TRUE(restarted);
    ASSERT_EQ(rules_in_force(*restarted).version(), second);
  }
  RecordProperty("logs", std::to_string(count));
  EXPECT_GT(withdrawn_after_appraisal, 0U) << "else the test does not show what it says";
  EXPECT_GT(refused_by_the_new_guard, 0U);
  EXPECT_GT(everybodys, 0U);
}

// Readers of one commune would fold something else than the server.
TEST(AdoptionProperties, TheFoldOfAScopeIsTheRestrictedFold) {
  const std::uint64_t count = random_logs() / 3;
  for (std::uint64_t seed = 1; seed <= count; ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
      const events::ReaderScope reader = world.reader_of(commune);
      State folded;
      for (const StoredAct& act : world.stored()) {
        if (reader.includes(act.scope)) folded.apply(act.stored, act.scope);
      }
      folded.advance(world.head());
      State restricted = world.state();
      restricted.restrict_to(reader);
      ASSERT_EQ(events::encode(folded), events::encode(restricted)) << commune;
    }
  }
}

// ---- a build that is older than the log ----

/// The same log, folded by a build that knows version 1 alone.
State folded_by_an_older_build(const World& world) {
  State state;
  state.hold_by(first);
  for (const StoredAct& act : world.stored()) state.apply(act.stored, act.scope);
  return state;
}

TEST_F(Adoption, AnOlderBuildFoldsWhatTheNewRulesDoNotMoveOtherwise) {
  const events::DossierId moved = world.register_citizen(0);
  const events::DossierId other = world.open_dossier(0);
  take_to_appraised(moved);
  world.adopt(second);
  const events::Position since =
      world.append(on(here().entrant, events::DossierWithdrawn{}, moved)).position();
  world.register_dossier(0, other);

  const State older = folded_by_an_older_build(world);
  EXPECT_TRUE(older.rulebook().is_beyond());
  EXPECT_EQ(rules_in_force(older).version(), first);
  EXPECT_EQ(older.dossiers().find(other)->state, events::DossierState::registered);
  EXPECT_EQ(older.dossiers().find(moved)->state, events::DossierState::appraised)
      << "where it went, the old rules cannot say";
  EXPECT_EQ(older.left_out().dossiers(), 1U);
  EXPECT_EQ(older.left_out().since(test_support::stream_of(moved)), since);
  EXPECT_EQ(older.left_out().since(test_support::stream_of(other)), events::Position{});
  EXPECT_EQ(older.applied_to(test_support::stream_of(moved)).value, since.value - 1);
  EXPECT_EQ(older.applied_to(test_support::stream_of(other)), older.applied());

  // A checkpoint keeps what was left out.
  events::Result<State> again = events::decode<State>(events::encode(older));
  ASSERT_TRUE(again);
  again->hold_by(first);
  EXPECT_EQ(again->left_out().since(test_support::stream_of(moved)), since);
  EXPECT_EQ(events::encode(*again), events::encode(older));
}

// A change that the old device cannot read would be overwritten by its officer's next act.
TEST_F(Adoption, AnActOfAnOlderBuildOnWhatItCannotReadWaitsForAPerson) {
  const events::DossierId dossier = world.register_citizen(0);
  take_to_appraised(dossier);
  world.adopt(second);
  Act withdrawal = on(here().entrant, events::DossierWithdrawn{}, dossier);
  withdrawal.chain = here().devices[0];
  ASSERT_TRUE(is_accepted(world.append(withdrawal).verdict()));

  const State older = folded_by_an_older_build(world);
  Act refusal =
      on(here().chair, events::DossierNotRecognized{{events::NotRecognizedReason::other}}, dossier);
  refusal.seen = older.applied_to(test_support::stream_of(dossier));
  const events::Event event = world.make(refusal);
  const Arrival arrival{events::Position{older.applied().value + 1}, world.now(), refusal.intake};
  EXPECT_TRUE(is_held(judge(event, arrival, older).verdict, events::HoldReason::conflict,
                      events::Rule::o_conflict));
  EXPECT_TRUE(
      is_held(judged(world, refusal), events::HoldReason::conflict, events::Rule::o_conflict));
}

}  // namespace
}  // namespace projections
