#include "projections/rules/follow_up_events.h"
#include "projections/rules/judge.h"
#include "projections/rules/system_events.h"
#include "tests/support/world.h"
#include "tests/support/world_judging.h"
#include "tests/support/world_random.h"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <set>

namespace projections {
namespace {

using events::EventId;
using events::Position;
using events::VerdictCode;
using test_support::judge_log_again;
using test_support::RandomActs;
using test_support::StoredAct;
using test_support::World;

constexpr std::uint64_t seeds = 200;
constexpr int acts_per_seed = 150;

World lived(std::uint64_t seed) {
  static const World founded;
  World world = founded;
  RandomActs acts(world, seed);
  for (int act = 0; act < acts_per_seed; ++act) acts.act();
  return world;
}

/// The commune a device's author reads; nothing when the grant says more or nothing.
std::optional<std::size_t> commune_of_author(const World& world, const State& state,
                                             const events::EventHeader& header) {
  const Grant* const grant = state.access().grant(header.role_grant);
  if (grant == nullptr) return std::nullopt;
  const events::UnitId unit = state.units().on(header.business_day).commune_of(grant->unit);
  for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
    if (world.commune(commune).unit == unit) return commune;
  }
  return std::nullopt;
}

std::string described(const StoredAct& act) {
  const events::EventHeader& header = act.stored.event.header;
  const events::Verdict& verdict = act.verdict();
  return std::string(events::event_name(header.type)) + " at " +
         std::to_string(act.position().value) + ": code " +
         std::to_string(static_cast<int>(verdict.code)) + " rule " +
         std::to_string(static_cast<int>(verdict.rule));
}

// An auditor could not tell an honest verdict from a favour.
TEST(JudgeProperties, JudgingAgainGivesEveryVerdict) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    ASSERT_NO_FATAL_FAILURE(
        judge_log_again(lived(seed), [](const StoredAct&, const State&) { /* Only judge. */ }));
  }
}

// A server could release what its owner likes, or leave out what it must do.
TEST(JudgeProperties, TheLogHoldsExactlyWhatIsDue) {
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    State state;
    std::size_t system_events = 0;
    std::size_t releases = 0;
    events::Timestamp last;
    for (const StoredAct& act : world.stored()) {
      const events::Event& event = act.stored.event;
      // A restart must not change what is due.
      const events::Result<State> restarted =
          releases < 3 ? events::decode<State>(events::encode(state)) : State{state};
      ASSERT_TRUE(restarted);
      std::optional<events::Event> owed;
      // What a day brought comes with what follows; everything else with what was before.
      for (const events::Timestamp at : {last, act.stored.received_at}) {
        auto due = next_follow_up(*restarted, at);
        if (!due) continue;
        owed = make_system_event(system_events + 1, due->stream, std::move(due->payload),
                                 state.applied(), at, state.rulebook().rules());
        break;
      }
      if (event.header.chain == events::system_chain) ++system_events;
      const bool is_owed = !events::stream_kind_of(event.payload) ||
                           std::holds_alternative<events::PhaseClosed>(event.payload);
      const bool is_hold = is_owed && event.header.chain == events::system_chain;
      ASSERT_EQ(owed.has_value(), is_hold) << described(act);
      if (owed) {
        ASSERT_EQ(event.canonical, owed->canonical) << described(act);
        ASSERT_TRUE(act.verdict().takes_effect()) << described(act);
        ++releases;
      }
      state.apply(act.stored, act.scope);
      last = act.stored.received_at;
    }
    ASSERT_FALSE(next_follow_up(state, last));
  }
}

// The device would promise its officer an acceptance that the server then refuses.
TEST(JudgeProperties, ADeviceOfTheCommuneComesToTheSameVerdict) {
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    State full;
    std::array<State, World::commune_count> filtered;
    for (const StoredAct& act : world.stored()) {
      const events::StoredEvent& stored = act.stored;
      const auto home = commune_of_author(world, full, stored.event.header);
      if (home && stored.event.header.chain != events::system_chain &&
          world.reader_of(*home).includes(act.scope)) {
        const Judgement device = judge(
            stored.event, {stored.position, stored.received_at, stored.intake}, filtered.at(*home));
        ASSERT_EQ(device.verdict, stored.verdict) << described(act);
        ASSERT_EQ(device.scope, act.scope) << described(act);
        ++compared;
      }
      full.apply(stored, act.scope);
      for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
        State& state = filtered.at(commune);
        if (world.reader_of(commune).includes(act.scope)) {
          state.apply(stored, act.scope);
        } else {
          state.advance(stored.position);
        }
      }
    }
  }
  EXPECT_GT(compared, seeds * 50);
}

/// What took effect on one dossier, in order.
using Lives = std::map<EventId, std::vector<events::Event>>;

bool contains_kind(const std::vector<events::Event>& life, events::EventType type) {
  return std::ranges::any_of(life, [&](const events::Event& event) {
    return event.header.type == static_cast<std::uint16_t>(type);
  });
}

// A title without its papers is what auditors come for (promise 5).
TEST(JudgeProperties, NoTitleIsGrantedWithoutItsChain) {
  std::size_t titles = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    State state;
    Lives lives;
    const auto on_effect = [&](const EffectiveEvent& effective, const State& after) {
      const events::EventHeader& header = effective.event.header;
      if (header.stream.kind != events::StreamKind::dossier) return;
      std::vector<events::Event>& life = lives[header.stream.id];
      life.push_back(effective.event);
      const auto* const granted = std::get_if<events::TitleGranted>(&effective.event.payload);
      if (granted == nullptr) return;
      ++titles;
      using enum events::EventType;
      for (const events::EventType type :
           {dossier_opened, dossier_registered, registration_accepted, self_assessment_recorded,
            dossier_reviewed, dossier_submitted, dossier_appraised}) {
        EXPECT_TRUE(contains_kind(life, type)) << static_cast<int>(type);
      }
      const Dossier* const dossier = after.dossiers().find(events::DossierId{header.stream.id});
      ASSERT_NE(dossier, nullptr);
      EXPECT_EQ(dossier->outcome, events::AppraisalOutcome::qualified);
      EXPECT_TRUE(dossier->sheet_passes);
      EXPECT_EQ(dossier->conclusion, events::ReviewConclusion::proposed);
      const Document* const decision = after.documents().find(granted->decision.event);
      ASSERT_NE(decision, nullptr);
      EXPECT_NE(decision->entry_of(dossier->id), nullptr);
      EXPECT_LE(decision->in_effect, decision->entries.size());
      const Grant* const grant = after.access().grant(header.role_grant);
      ASSERT_NE(grant, nullptr);
      EXPECT_EQ(grant->role, events::Role::signer);
      EXPECT_EQ(decision->actor, header.actor);
      EXPECT_NE(header.actor, dossier->appraiser);
      EXPECT_NE(header.actor, dossier->entrant);
    };
    for (const StoredAct& act : world.stored()) state.apply(act.stored, act.scope, on_effect);
  }
  EXPECT_GT(titles, 20U);
}

// The same act would count twice, or count before anybody decided that it may.
TEST(JudgeProperties, EveryEventTakesEffectOnceAndNotWhileHeld) {
  std::size_t released = 0;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    State state;
    std::map<EventId, Position> effects;
    std::map<EventId, const StoredAct*> held;
    std::set<EventId> ended;
    const auto on_effect = [&](const EffectiveEvent& effective, const State&) {
      const EventId id = effective.event.id();
      EXPECT_TRUE(effects.emplace(id, effective.position).second) << to_string(id);
      EXPECT_FALSE(ended.contains(id)) << to_string(id);
      const auto waited = held.find(id);
      if (waited == held.end()) return;
      ++released;
      const StoredAct& act = world.at(effective.position);
      const auto* const release = std::get_if<events::HoldReleased>(&act.stored.event.payload);
      ASSERT_NE(release, nullptr);
      EXPECT_EQ(release->held, waited->second->position());
      EXPECT_GT(effective.position, waited->second->position());
    };
    for (const StoredAct& act : world.stored()) {
      if (act.verdict().code == VerdictCode::held) held.emplace(act.id(), &act);
      if (act.verdict().code == VerdictCode::refused) ended.insert(act.id());
      if (act.verdict().takes_effect()) {
        if (const auto* e = std::get_if<events::HoldRefused>(&act.stored.event.payload)) {
          ended.insert(world.at(e->held).id());
        }
      }
      state.apply(act.stored, act.scope, on_effect);
      const bool waits = state.inbox().find(act.position()) != nullptr;
      EXPECT_EQ(waits, act.verdict().code == VerdictCode::held);
    }
  }
  EXPECT_GT(released, seeds / 4);
}

// Acts that only ever meet one verdict would prove nothing above.
TEST(JudgeProperties, RandomActsMeetEveryKindOfVerdict) {
  std::map<int, std::size_t> codes;
  std::map<int, std::size_t> holds;
  std::set<std::uint16_t> rules;
  std::map<std::string_view, std::size_t> effective;
  for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
    const World world = lived(seed);
    for (const StoredAct& act : world.stored()) {
      const events::Verdict& verdict = act.verdict();
      ++codes[static_cast<int>(verdict.code)];
      ++holds[static_cast<int>(verdict.hold)];
      rules.insert(static_cast<std::uint16_t>(verdict.rule));
      if (verdict.takes_effect()) ++effective[events::event_name(act.stored.event.header.type)];
    }
  }
  for (int code = 1; code <= 4; ++code) EXPECT_GT(codes[code], seeds / 4) << code;
  for (int hold = 1; hold <= 5; ++hold) EXPECT_GT(holds[hold], seeds / 4) << hold;
  EXPECT_GT(rules.size(), 20U);
  for (const char* const name : {"DossierWithdrawn", "TitleGranted", "HoldReleased", "HoldRefused",
                                 "HoldChanged", "DossierReturned", "DossierResubmitted"}) {
    EXPECT_GT(effective[name], 0U) << name;
  }
}

}  // namespace
}  // namespace projections
