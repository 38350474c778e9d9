#include "projections/rules/judge.h"
#include "tests/support/world_judging.h"
#include "tests/support/world_random.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <string>
#include <vector>

// Communes are merged and split in the middle of everything else.

namespace projections {
namespace {

using events::UnitId;
using test_support::judge_log_again;
using test_support::RandomActs;
using test_support::StoredAct;
using test_support::World;

constexpr int acts_per_seed = 150;

/// KHUYENHOC_SEEDS asks for more than a test run has time for.
std::uint64_t seeds() {
  const char* const wanted = std::getenv("KHUYENHOC_SEEDS");
  return wanted == nullptr ? 200 : std::strtoull(wanted, nullptr, 10);
}

World lived(std::uint64_t seed) {
  static const World founded;
  World world = founded;
  RandomActs acts(world, seed, true);
  for (int act = 0; act < acts_per_seed; ++act) acts.act();
  return world;
}

events::ReaderScope reader_of(const State& state, UnitId commune, events::Day day) {
  events::ReaderScope reader{false, state.units().on(day).lineage_of(commune)};
  reader.units.push_back(events::reference_scope);
  std::ranges::sort(reader.units);
  return reader;
}

State folded(const World& world, const events::ReaderScope& reader, std::size_t count) {
  State state;
  for (const StoredAct& act : world.stored()) {
    if (count-- == 0) break;
    if (reader.includes(act.scope)) {
      state.apply(act.stored, act.scope);
    } else {
      state.advance(act.position());
    }
  }
  return state;
}

std::string described(const StoredAct& act) {
  return std::string(events::event_name(act.stored.event.header.type)) + " at " +
         std::to_string(act.position().value);
}

// A commune's device would show other dossiers than the server.
TEST(Reorganisations, TheFoldOfALineageIsTheRestrictionOfTheWhole) {
  std::size_t lineages = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
      const events::ReaderScope reader =
          reader_of(world.state(), world.commune(commune).unit, world.today());
      if (reader.units.size() > 2) ++lineages;
      State restricted = world.state();
      restricted.restrict_to(reader);
      ASSERT_EQ(events::encode(folded(world, reader, world.stored().size())),
                events::encode(restricted));
    }
  }
  EXPECT_GT(lineages, seeds() / 4) << "communes were merged";
}

// An auditor could not tell an honest verdict from a favour.
TEST(Reorganisations, JudgingAgainGivesEveryVerdict) {
  std::map<events::EventType, std::size_t> across;  // Taken in the scope of a closed commune.
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE(seed);
    const auto count = [&](const StoredAct& act, const State& before) {
      const events::EventHeader& header = act.stored.event.header;
      const UnitsOnDay then = before.units().on(header.business_day);
      if (act.verdict().takes_effect() && then.is_closed(act.scope.units().front())) {
        ++across[static_cast<events::EventType>(header.type)];
      }
    };
    ASSERT_NO_FATAL_FAILURE(judge_log_again(lived(seed), count));
  }
  EXPECT_GT(across[events::EventType::self_assessment_recorded], 0U);
  EXPECT_GT(across[events::EventType::dossier_reviewed], 0U);
}

// The device would promise its officer an acceptance that the server then refuses.
TEST(Reorganisations, ADeviceThatHoldsTheLineageComesToTheSameVerdict) {
  std::size_t compared = 0;
  std::size_t by_heirs = 0;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    SCOPED_TRACE(seed);
    const World world = lived(seed);
    State full;
    std::map<std::vector<UnitId>, State> devices;  // By what they read; made when first asked.
    std::size_t before = 0;
    for (const StoredAct& act : world.stored()) {
      const events::StoredEvent& stored = act.stored;
      const events::EventHeader& header = stored.event.header;
      const Grant* const grant = full.access().grant(header.role_grant);
      const events::Day today = events::day_in_vietnam(stored.received_at);
      const UnitId commune =
          grant == nullptr ? UnitId{} : full.units().on(today).commune_of(grant->unit);
      if (!commune.is_none() && header.chain != events::system_chain) {
        const events::ReaderScope reader = reader_of(full, commune, today);
        if (reader.includes(act.scope)) {
          auto found = devices.find(reader.units);
          if (found == devices.end()) {
            found = devices.emplace(reader.units, folded(world, reader, before)).first;
          }
          const Judgement device = judge(
              stored.event, {stored.position, stored.received_at, stored.intake}, found->second);
          ASSERT_EQ(device.verdict, stored.verdict) << described(act);
          ASSERT_EQ(device.scope, act.scope) << described(act);
          ++compared;
          if (reader.units.size() > 2) ++by_heirs;
        }
      }
      full.apply(stored, act.scope);
      ++before;
      for (auto& [units, state] : devices) {
        if (events::ReaderScope{false, units}.includes(act.scope)) {
          state.apply(stored, act.scope);
        } else {
          state.advance(stored.position);
        }
      }
    }
  }
  EXPECT_GT(compared, seeds() * 40);
  EXPECT_GT(by_heirs, seeds());
}

}  // namespace
}  // namespace projections
