#include "projections/views/totals.h"

#include "tests/support/world.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::Position;
using test_support::World;

const events::ReaderScope everything{.whole_log = true, .units = {}};

/// Two communes with dossiers on their way.
const World& two_communes() {
  static const World world = [] {
    World made;
    const auto first = made.register_citizen(0);
    made.register_citizen(0);
    made.assess(0, first);
    made.review(0, {first});
    made.submit(0, {first});
    made.appraise(0, {first});
    made.grant_title(0, {first});
    made.assess(1, made.register_citizen(1));
    return made;
  }();
  return world;
}

TotalsFold fold_to(const World& world, Position upto,
                   const events::ReaderScope& reader = everything) {
  TotalsFold fold;
  for (const test_support::StoredAct& act : world.stored()) {
    if (act.position() <= upto && reader.includes(act.scope)) fold.take(act.stored, act.scope);
  }
  fold.advance(upto);
  return fold;
}

TotalsView totals(const TotalsFold& fold, const TotalsFilter& filter) {
  return totals_of(fold.state(), fold.statistics(), filter);
}

TEST(TotalsView, CountsEachCommuneAndTheirSum) {
  const World& world = two_communes();
  const TotalsView view = totals(fold_to(world, world.head()), {.scope = everything, .unit = {}});
  ASSERT_EQ(view.rows.size(), 2U);
  EXPECT_EQ(view.rows[0].key.commune, world.commune(0).unit);
  EXPECT_EQ(view.rows[0].figures.registered, 2U);
  EXPECT_EQ(view.rows[0].figures.recognized, 1U);
  EXPECT_EQ(view.sum.registered, 3U);
  EXPECT_EQ(view.sum.self_assessed, 2U);
}

// A percentage without its whole and its day is what reports were quarrelled about.
TEST(TotalsView, EveryShareNamesItsWholeItsBasisAndItsPosition) {
  const World& world = two_communes();
  const TotalsView view = totals(fold_to(world, world.head()), {.scope = everything, .unit = {}});
  EXPECT_EQ(view.sum.recognized_of_registered,
            (Share{1, 3, "registered_dossiers", "commune_of_opening", world.head()}));
  EXPECT_EQ(view.rows[1].figures.self_assessed_of_registered.as_of_seq, world.head());
}

TEST(TotalsView, ShowsNothingOutsideTheScopeOrTheUnit) {
  const World& world = two_communes();
  const TotalsFold fold = fold_to(world, world.head());
  const TotalsView first = totals(fold, {.scope = world.reader_of(0), .unit = {}});
  ASSERT_EQ(first.rows.size(), 1U);
  EXPECT_EQ(first.sum.registered, 2U);
  const TotalsView of_second = totals(fold, {.scope = everything, .unit = world.commune(1).unit});
  EXPECT_EQ(of_second.sum.registered, 1U);
  EXPECT_TRUE(
      totals(fold, {.scope = world.reader_of(0), .unit = world.commune(1).unit}).rows.empty());
  EXPECT_EQ(totals(fold, {.scope = everything, .unit = world.city()}).rows.size(), 2U);
  EXPECT_TRUE(
      totals(fold, {.scope = everything, .unit = {}, .cycle = world.family_cycle()}).rows.empty());
}

// The server counts an earlier position by folding the reader's own blocks; the whole log must give
// the same figures.
TEST(TotalsView, AFoldOfTheReadersBlocksGivesWhatTheWholeLogGives) {
  const World& world = two_communes();
  for (std::uint64_t upto = world.head().value; upto > 0;
       upto -= std::min<std::uint64_t>(upto, 7)) {
    SCOPED_TRACE(upto);
    const TotalsFilter filter{.scope = world.reader_of(0), .unit = {}};
    const TotalsView whole = totals(fold_to(world, Position{upto}), filter);
    const TotalsView own = totals(fold_to(world, Position{upto}, world.reader_of(0)), filter);
    EXPECT_EQ(whole.rows, own.rows);
    EXPECT_EQ(whole.sum, own.sum);
    EXPECT_EQ(own.position, Position{upto});
  }
}

TEST(TotalsView, AFoldGoesOnFromAState) {
  const World& world = two_communes();
  TotalsFold fold{fold_to(world, Position{world.head().value / 2}).state()};
  for (const test_support::StoredAct& act : world.stored()) {
    if (act.position() > fold.state().applied()) fold.take(act.stored, act.scope);
  }
  const TotalsFilter filter{.scope = everything, .unit = {}};
  EXPECT_EQ(totals(fold, filter).rows, totals(fold_to(world, world.head()), filter).rows);
}

TEST(TotalsView, PagesJoinToAllRows) {
  const World& world = two_communes();
  const TotalsView view = totals(fold_to(world, world.head()), {.scope = everything, .unit = {}});
  const TotalsPage first = page_of(view, std::nullopt, 1);
  ASSERT_TRUE(first.next);
  const TotalsPage second = page_of(view, first.next, 1);
  EXPECT_FALSE(second.next);
  EXPECT_EQ(first.rows.at(0), view.rows[0]);
  EXPECT_EQ(second.rows.at(0), view.rows[1]);
}

}  // namespace
}  // namespace projections
