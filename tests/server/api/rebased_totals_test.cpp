#include "tests/server/api/served_world.h"

#include <gtest/gtest.h>

#include <string>

// GET /v1/totals on the map of another day, after two communes were merged.

namespace server::test {
namespace {

using test_support::World;

/// The first commune goes into the second, from tomorrow on; two days have passed since.
struct RebasedTotals : testing::Test {
  World world = the_scene().world;
  events::Day effective{world.today().value + 1};
  std::uint64_t before_decree = world.head().value;
  ServedWorld served{the_scene().world};
  std::string all = served.token({});

  void SetUp() override {
    world.administer(events::UnitsChanged{"NQ 1661", effective, {{unit(0), unit(1), {}}}});
    world.wait_days(2);
    world.assess(1, world.register_citizen(1));
    served.go_on(world);
  }
  events::UnitId unit(std::size_t commune) const { return world.commune(commune).unit; }
  boost::json::object totals(const std::string& query) {
    served.now.value += 60'000;  // Counting has its price.
    return served.fields("/v1/totals" + query, all);
  }
  /// How many dossiers the rows of a commune have.
  std::uint64_t opened_in(const boost::json::object& body, events::UnitId commune) const {
    std::uint64_t opened = 0;
    for (const auto& row : body.at("rows").as_array()) {
      if (std::string_view(row.at("commune").as_string()) != to_string(commune)) continue;
      opened += row.at("opened").to_number<std::uint64_t>();
    }
    return opened;
  }
};

TEST_F(RebasedTotals, CountDossiersWhereTheirHomesLie) {
  const auto opened = totals("");
  EXPECT_EQ(opened.at("basis"), "as_of");
  EXPECT_GT(opened_in(opened, unit(0)), 0U);
  EXPECT_FALSE(opened.contains("unallocated"));

  const auto moved = totals("?basis=rebased");
  EXPECT_EQ(moved.at("basis"), "rebased");
  EXPECT_EQ(opened_in(moved, unit(0)), 0U);
  EXPECT_EQ(opened_in(moved, unit(1)), opened_in(opened, unit(0)) + opened_in(opened, unit(1)));
  EXPECT_EQ(moved.at("sum").at("opened"), opened.at("sum").at("opened"));
  EXPECT_EQ(moved.at("sum").at("recognized_of_registered").at("unit_basis"), "commune_of_home");
  EXPECT_EQ(moved.at("unallocated").at("opened"), 0);
}

TEST_F(RebasedTotals, AreThoseOfTheDay) {
  const std::string eve = "?basis=rebased&day=" + events::to_iso(events::Day{effective.value - 1});
  EXPECT_GT(opened_in(totals(eve), unit(0)), 0U);
  EXPECT_EQ(totals(eve).at("day").as_string(), events::to_iso(events::Day{effective.value - 1}));
  // At a position at which nobody had heard of the decree.
  const auto then = totals("?basis=rebased&at=" + std::to_string(before_decree) +
                           "&day=" + events::to_iso(effective));
  EXPECT_GT(opened_in(then, unit(0)), 0U);
}

TEST_F(RebasedTotals, OfOneUnitHoldWhatItsPredecessorsHad) {
  const std::string query = "?basis=rebased&unit=" + to_string(unit(1));
  const std::string newest = query + "&at=" + std::to_string(served.log.head().position.value);
  const auto now = totals(newest);
  EXPECT_EQ(now.at("sum").at("opened"), totals("?basis=rebased").at("sum").at("opened"));
  // Counted anew from the blocks of the lineage, they are the same.
  world.register_citizen(2);
  served.go_on(world);
  EXPECT_EQ(totals(newest).at("sum"), now.at("sum"));
}

TEST_F(RebasedTotals, RefuseAnotherBasisAndWhatIsNoDay) {
  EXPECT_EQ(served.ask("/v1/totals?basis=spread", all).response.status, 400);
  EXPECT_EQ(served.ask("/v1/totals?basis=rebased&day=1", all).response.status, 400);
}

}  // namespace
}  // namespace server::test
