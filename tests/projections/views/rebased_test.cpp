#include "projections/views/rebased.h"

#include "projections/reports/reports.h"
#include "projections/views/totals.h"
#include "tests/support/world_judging.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace projections {
namespace {

using events::Day;
using events::UnitId;
using test_support::Act;
using test_support::is_accepted;
using test_support::World;

const events::ReaderScope everything{.whole_log = true, .units = {}};

/// The first commune has a dossier of each of its hamlets and one that names no hamlet, the second
/// one of its own.  In ten days a decree takes the first apart.
struct Rebased : testing::Test {
  World world;
  Day effective{world.today().value + 10};
  events::DossierId of_first_hamlet = world.register_citizen(0);
  events::DossierId of_second_hamlet = open_in(hamlet(0, 1));
  events::DossierId of_no_hamlet = open_in(unit(0));
  events::DossierId of_second_commune = world.register_citizen(1);

  UnitId unit(std::size_t commune) const { return world.commune(commune).unit; }
  UnitId hamlet(std::size_t commune, std::size_t number) const {
    return world.commune(commune).hamlets.at(number);
  }
  events::DossierId open_in(UnitId home) {
    events::DossierOpened opening = world.an_opening(world.introduce(home), 0);
    opening.home_unit = home;
    const auto& stored = world.append(
        {.chain = world.commune(0).devices[1], .by = world.commune(0).entrant, .payload = opening});
    EXPECT_TRUE(is_accepted(stored.verdict()));
    return events::DossierId{stored.id()};
  }
  void decree(std::vector<events::UnitsChangeRow> rows) {
    world.administer(events::UnitsChanged{"NQ 1661", effective, std::move(rows)});
  }
  /// All hamlets to the second commune.
  void merge() { decree({{unit(0), unit(1), {}}}); }
  /// The second hamlet to the second commune, the rest to the third.
  void split() { decree({{unit(0), unit(1), {hamlet(0, 1)}}, {unit(0), unit(2), {}}}); }

  RebasedHome home_of(events::DossierId dossier, Day day) const {
    return rebased_home(*world.state().dossiers().find(dossier), world.state().units(), day);
  }
  TotalsView totals(bool rebased, Day day, UnitId of = {}) const {
    const TotalsFilter filter{.scope = everything, .unit = of, .day = day};
    return rebased ? rebased_totals_of(world.state(), filter)
                   : totals_of(world.state(), Statistics::of(world.state()), filter);
  }
  static std::uint64_t opened_in(const TotalsView& view, UnitId commune) {
    std::uint64_t opened = 0;
    for (const TotalsRow& row : view.rows) {
      if (row.key.commune == commune) opened += row.figures.opened;
    }
    return opened;
  }
  ReportRequest request(bool rebased, Day day) const {
    return {.area = {},
            .cycles = {world.citizen_cycle()},
            .as_of = day,
            .totals = {},
            .rebased = rebased};
  }
  static const Row* row_of(const Table& table, UnitId unit) {
    const auto found = std::ranges::find(table.rows, unit, &Row::unit);
    return found == table.rows.end() ? nullptr : &*found;
  }
};

// SC4: "AS_OF shows the old ward with its count; REBASED shows it under the new one".
TEST_F(Rebased, CountsAMergedCommuneUnderItsHeirFromTheDay) {
  merge();
  const Day eve{effective.value - 1};
  EXPECT_EQ(opened_in(totals(true, eve), unit(0)), 3U);
  EXPECT_EQ(opened_in(totals(true, effective), unit(0)), 0U);
  EXPECT_EQ(opened_in(totals(true, effective), unit(1)), 4U);
  EXPECT_EQ(opened_in(totals(false, effective), unit(0)), 3U) << "where it was opened";
  EXPECT_EQ(totals(true, effective).unallocated->opened, 0U);
  EXPECT_EQ(totals(true, effective).sum.recognized_of_registered.unit_basis, "commune_of_home");
  EXPECT_FALSE(totals(false, effective).unallocated);
}

TEST_F(Rebased, CountsASplitCommuneByHamlets) {
  split();
  EXPECT_EQ(home_of(of_second_hamlet, effective).commune, unit(1));
  EXPECT_EQ(home_of(of_first_hamlet, effective).commune, unit(2));
  EXPECT_TRUE(home_of(of_first_hamlet, effective).is_allocated);
  const TotalsView view = totals(true, effective);
  EXPECT_EQ(opened_in(view, unit(1)), 2U);
  EXPECT_EQ(opened_in(view, unit(2)), 1U);
}

// Never spread by percentage: what nobody can allocate is told as that.
TEST_F(Rebased, ADossierWithoutAHamletOfASplitCommuneIsNotAllocated) {
  split();
  const RebasedHome home = home_of(of_no_hamlet, effective);
  EXPECT_FALSE(home.is_allocated);
  EXPECT_EQ(home.commune, unit(0));
  const TotalsView view = totals(true, effective);
  EXPECT_EQ(opened_in(view, unit(0)), 1U);
  EXPECT_EQ(view.unallocated->opened, 1U);
  EXPECT_EQ(view.sum.opened, 4U) << "the parts and what is not allocated are the whole";
  for (const TotalsRow& row : view.rows) {
    EXPECT_EQ(row.figures.recognized_of_registered.unit_basis,
              row.key.commune == unit(0) ? "not_allocated" : "commune_of_home");
  }
}

TEST_F(Rebased, HamletsOfUnknownDestinationAreNotAllocatedUntilItIsKnown) {
  const UnitId holding{world.administer(events::UnitCreated{
      events::UnitKind::holding, world.city(), "Chưa phân bổ", "", {}, effective, "NQ 1661"})};
  decree({{unit(0), holding, {}}});
  EXPECT_FALSE(home_of(of_first_hamlet, effective).is_allocated);
  EXPECT_EQ(home_of(of_first_hamlet, effective).commune, holding);
  EXPECT_EQ(totals(true, effective).unallocated->opened, 3U);

  // A year later it is known of one hamlet.
  world.wait_days(20);
  const Day known{effective.value + 300};
  world.administer(events::UnitsChanged{"NQ 2", known, {{holding, unit(2), {hamlet(0, 0)}}}});
  EXPECT_EQ(home_of(of_first_hamlet, known).commune, unit(2));
  EXPECT_TRUE(home_of(of_first_hamlet, known).is_allocated);
  EXPECT_FALSE(home_of(of_second_hamlet, known).is_allocated);
}

TEST_F(Rebased, ReportsNameTheBasisAndWhatIsNotAllocated) {
  split();
  const State& state = world.state();
  const Statistics statistics = Statistics::of(state);
  const Table then = report_b01(state, statistics, request(false, Day{effective.value - 1}));
  ASSERT_NE(row_of(then, unit(0)), nullptr);
  EXPECT_EQ(row_of(then, unit(0))->unit_name.find("đến"), std::string::npos);
  EXPECT_EQ(render_json(then).find("rebased_on"), std::string::npos);

  // Where its dossiers were opened: under its name, with its last day, since names come again.
  const Table now = report_b01(state, statistics, request(false, effective));
  ASSERT_NE(row_of(now, unit(0)), nullptr);
  EXPECT_NE(row_of(now, unit(0))->unit_name.find("(đến "), std::string::npos);

  const Table moved = report_b01(state, statistics, request(true, effective));
  ASSERT_NE(row_of(moved, unit(0)), nullptr);
  EXPECT_TRUE(row_of(moved, unit(0))->unit_name.starts_with("Chưa phân bổ: "));
  EXPECT_NE(render_json(moved).find("rebased_on"), std::string::npos);
  EXPECT_NE(render_text(moved).find("địa giới ngày"), std::string::npos);
}

TEST_F(Rebased, B14ListsTheUnitsThatEndedAndWhatIsNotAllocated) {
  split();
  const State& state = world.state();
  EXPECT_EQ(row_of(report_b14(state, request(true, Day{effective.value - 1}), {}), unit(0)),
            nullptr);
  const DecreeNames names{{state.units().find(unit(0))->closed_at, "NQ 1661"}};
  const Table table = report_b14(state, request(true, effective), names);
  const Row* const row = row_of(table, unit(0));
  ASSERT_NE(row, nullptr);
  EXPECT_EQ(row->cells, (std::vector<Cell>{std::uint64_t{3}, std::uint64_t{1}}));
  EXPECT_NE(row->line.find("NQ 1661"), std::string::npos) << row->line;
  EXPECT_NE(row->line.find(state.units().on(effective).short_name_of(unit(2))), std::string::npos)
      << row->line;
  EXPECT_EQ(table.rows.back().cells, row->cells) << "the sum";
}

// A hamlet that came by a merger can be given away by name like any other.
TEST_F(Rebased, AHamletOfTheHeirCanMoveOn) {
  merge();
  world.wait_days(20);
  const Day later{world.today().value + 30};
  world.administer(events::UnitsChanged{"NQ 3", later, {{unit(1), unit(2), {hamlet(0, 0)}}}});
  EXPECT_EQ(home_of(of_first_hamlet, later).commune, unit(2));
  EXPECT_EQ(home_of(of_second_hamlet, later).commune, unit(1));
}

}  // namespace
}  // namespace projections
