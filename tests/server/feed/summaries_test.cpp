#include "server/feed/summaries.h"

#include "projections/views/all_projections.h"
#include "tests/support/world.h"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <tuple>
#include <vector>

namespace server::test {
namespace {

namespace protocol = events::protocol;
using events::DossierId;
using events::Position;
using test_support::World;

const events::ReaderScope everything{.whole_log = true, .units = {}};

/// Three communes whose events are folded into views, as the projection thread does it.
struct Province {
  World world;
  projections::State state;
  projections::Views views;
  RecentDossiers recent;

  void fold() {
    const auto on_effect = [this](const projections::EffectiveEvent& effective,
                                  const projections::State& after) {
      views.apply(effective, after);
      recent.apply(effective);
    };
    while (state.applied() < world.head()) {
      const auto& act = world.at(Position{state.applied().value + 1});
      state.apply(act.stored, act.scope, on_effect);
    }
  }
  protocol::Totals totals(const SummaryQuestion& question) {
    fold();
    return std::get<protocol::Totals>(summarize(question, state, views.statistics, recent));
  }
  protocol::DossierStatuses standings(SummaryQuestion question) {
    fold();
    question.mode = protocol::SummaryMode::dossier_statuses;
    return std::get<protocol::DossierStatuses>(
        summarize(question, state, views.statistics, recent));
  }
  events::UnitId unit(std::size_t commune) const { return world.commune(commune).unit; }
};

SummaryQuestion about(const events::ReaderScope& scope, Position after = {}) {
  return {.mode = protocol::SummaryMode::totals, .scope = scope, .unit = {}, .after = after};
}

std::uint64_t registered_in(const protocol::Totals& totals) {
  std::uint64_t registered = 0;
  for (const protocol::TotalsRow& row : totals.rows) registered += row.registered;
  return registered;
}

// A district that adds up what came live must get what its communes count.
TEST(Summaries, TotalsAreThoseOfTheStatistics) {
  Province province;
  province.world.register_citizen(0);
  const DossierId second = province.world.register_citizen(0);
  province.world.assess(0, second);
  province.world.register_citizen(1);
  const protocol::Totals totals = province.totals(about(everything));
  EXPECT_TRUE(totals.caught_up);
  EXPECT_EQ(totals.upto, province.world.head());
  EXPECT_EQ(registered_in(totals), province.views.statistics.sum({}).registered);
  ASSERT_EQ(totals.rows.size(), 2U);
  EXPECT_EQ(totals.rows[0].registered, 2U);
  EXPECT_EQ(totals.rows[0].self_assessed, 1U);
}

// An association pays for what changed, not for the province.
TEST(Summaries, OnlyRowsThatMovedComeAgain) {
  Province province;
  province.world.register_citizen(0);
  province.world.register_citizen(1);
  const Position before = province.totals(about(everything)).upto;
  EXPECT_TRUE(province.totals(about(everything, before)).rows.empty());
  province.world.register_citizen(1);
  const protocol::Totals news = province.totals(about(everything, before));
  ASSERT_EQ(news.rows.size(), 1U);
  EXPECT_EQ(news.rows[0].commune, province.unit(1));
  EXPECT_EQ(news.rows[0].registered, 2U) << "the row as it is now, not what was added";
}

// What another commune does is none of a commune's business.
TEST(Summaries, ShowNothingOutsideTheReadersScope) {
  Province province;
  province.world.register_citizen(0);
  province.world.register_citizen(1);
  const events::ReaderScope first = province.world.reader_of(0);
  for (const auto& row : province.totals(about(first)).rows) {
    EXPECT_EQ(row.commune, province.unit(0));
  }
  SummaryQuestion foreign = about(first);
  foreign.unit = province.unit(1);
  EXPECT_TRUE(province.totals(foreign).rows.empty());
}

// A subtree is what lies in it by the unit tree, not by a list somebody keeps.
TEST(Summaries, CanBeNarrowedToAUnitAndThoseBelow) {
  Province province;
  for (std::size_t commune = 0; commune < World::commune_count; ++commune) {
    province.world.register_citizen(commune);
  }
  SummaryQuestion one = about(everything);
  one.unit = province.unit(2);
  EXPECT_EQ(registered_in(province.totals(one)), 1U);
  SummaryQuestion all = about(everything);
  all.unit = province.world.province();
  EXPECT_EQ(registered_in(province.totals(all)), World::commune_count);
}

// A dossier that moved five times while nobody listened is one row, in its last state.
TEST(Summaries, AStandingIsTheNewestStateAndComesOnce) {
  Province province;
  const DossierId dossier = province.world.register_citizen(0);
  const Position before = province.standings(about(everything)).upto;
  province.world.assess(0, dossier);
  province.world.review(0, {dossier});
  const protocol::DossierStatuses news = province.standings(about(everything, before));
  ASSERT_EQ(news.rows.size(), 1U);
  EXPECT_EQ(news.rows[0].dossier, dossier);
  EXPECT_EQ(news.rows[0].state, events::DossierState::reviewed);
}

// Whoever was away for long asks for more than the server has in mind, and must not miss a row.
TEST(Summaries, StandingsAreTheSameHoweverLittleTheServerKeepsInMind) {
  Province province;
  province.recent = RecentDossiers(Position{}, 4);
  std::vector<DossierId> dossiers;
  for (std::size_t index = 0; index < 9; ++index) {
    dossiers.push_back(province.world.register_citizen(index % 3));
  }
  province.world.assess(0, dossiers[0]);
  province.world.assess(1, dossiers[4]);
  province.world.assess(0, dossiers[3]);
  province.fold();
  RecentDossiers all;
  projections::State state;
  while (state.applied() < province.world.head()) {
    const auto& act = province.world.at(Position{state.applied().value + 1});
    state.apply(act.stored, act.scope,
                [&](const projections::EffectiveEvent& effective, const projections::State&) {
                  all.apply(effective);
                });
  }
  int looked_at_all = 0;
  for (Position after; after <= province.world.head(); ++after.value) {
    SummaryQuestion question = about(province.world.reader_of(0), after);
    question.mode = protocol::SummaryMode::dossier_statuses;
    looked_at_all += province.recent.knows_since(after) ? 0 : 1;
    ASSERT_TRUE(all.knows_since(after));
    const auto few = std::get<protocol::DossierStatuses>(
        summarize(question, state, province.views.statistics, province.recent));
    const auto many = std::get<protocol::DossierStatuses>(
        summarize(question, state, province.views.statistics, all));
    EXPECT_EQ(few.upto, many.upto);
    ASSERT_EQ(few.rows.size(), many.rows.size()) << after.value;
    for (std::size_t row = 0; row < few.rows.size(); ++row) {
      EXPECT_EQ(few.rows[row].dossier, many.rows[row].dossier);
      EXPECT_EQ(few.rows[row].state, many.rows[row].state);
      EXPECT_EQ(few.rows[row].changed_at, many.rows[row].changed_at);
    }
  }
  EXPECT_GT(looked_at_all, 0);
  EXPECT_LT(looked_at_all, static_cast<int>(province.world.head().value));
}

// However many frames a province needs, each dossier comes, and none twice.
TEST(Summaries, APartGoesOnWhereTheOneBeforeEnded) {
  Province province;
  constexpr std::size_t dossiers = protocol::summary_rows_max + 40;
  for (std::size_t index = 0; index < dossiers; ++index) province.world.open_dossier(index % 3);
  std::set<DossierId> seen;
  Position after;
  for (;;) {
    const protocol::DossierStatuses part = province.standings(about(everything, after));
    ASSERT_LE(part.rows.size(), protocol::summary_rows_max);
    for (const auto& row : part.rows) EXPECT_TRUE(seen.insert(row.dossier).second);
    after = part.upto;
    if (part.caught_up) break;
  }
  EXPECT_EQ(seen.size(), dossiers);
  EXPECT_EQ(after, province.world.head());
}

}  // namespace
}  // namespace server::test
