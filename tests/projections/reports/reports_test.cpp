#include "projections/reports/reports.h"

#include "tests/projections/folded_log.h"
#include "tests/support/golden.h"

#include <gtest/gtest.h>

namespace projections {
namespace {

using events::GroupCode;
using events::TitleKind;

constexpr events::Day as_of{20'421};  // 2025-11-29

events::CriteriaPublished pilot_criteria() {
  events::CriteriaPublished criteria;
  criteria.code = "CDHT-PILOT-2020";
  criteria.version = 1;
  criteria.title = TitleKind::learning_citizen;
  criteria.groups = {{GroupCode::pilot_college_plus, "Cao đẳng trở lên", {}, {}},
                     {GroupCode::farmer_rural, "Nông dân", {}, {}},
                     {GroupCode::pilot_trader, "Buôn bán", {}, {}}};
  return criteria;
}

/// The three places of the pilot in Điện Biên Phủ (2020–2021).
struct Pilot {
  FoldedLog log;
  events::UnitId city = log.unit(events::UnitKind::city_provincial, {}, "TP Điện Biên Phủ");
  events::UnitId muong_thanh = log.unit(events::UnitKind::ward, city, "Phường Mường Thanh");
  events::UnitId him_lam = log.unit(events::UnitKind::ward, city, "Phường Him Lam");
  events::UnitId na_tau = log.unit(events::UnitKind::commune, city, "Xã Nà Tấu");
  events::CriteriaId criteria{log.create(pilot_criteria())};
  events::CycleId cycle = log.cycle(TitleKind::learning_citizen, criteria, "Thí điểm 2020–2021");
  std::uint64_t citizens = 0;

  void add(events::UnitId home, GroupCode group, std::uint16_t total, int count) {
    for (int number = 0; number < count; ++number) {
      const events::DossierId dossier = log.open(person(++citizens), cycle, group, home);
      log.assess(dossier, total);
      if (total >= 700) {
        log.recognize(dossier, {});
      } else {
        log.refuse_title(dossier);
      }
    }
  }
  ReportRequest request() const { return {city, {cycle}, as_of, {}}; }
  Table b01(const ReportRequest& request) const {
    return report_b01(log.state(), log.views().statistics, request);
  }
};

Ratio share(std::uint64_t num, std::uint64_t den) {
  return {num, den, DenominatorKind::registered, false};
}

/// The row of a unit or of the sum, by its names.
const Row& row_of(const Table& table, const std::string& unit, const std::string& line) {
  for (const Row& row : table.rows) {
    if (row.unit_name == unit && row.line == line) return row;
  }
  ADD_FAILURE() << "no row " << unit << ", " << line;
  return table.rows.front();
}

// The pilot's report printed 99,33 and 97,91 for these: truncated, and bent until the sum fitted.
TEST(Ratio, RoundsHalfUpOnceFromTheIntegers) {
  EXPECT_EQ(percentage_vi(share(599, 603)), "99,34 %");
  EXPECT_EQ(percentage_vi(share(441, 442)), "99,77 %");
  EXPECT_EQ(percentage_vi(share(1, 442)), "0,23 %");
  EXPECT_EQ(percentage_vi(share(140, 143)), "97,90 %");
  EXPECT_EQ(percentage_vi(share(3, 143)), "2,10 %");
  EXPECT_EQ(percentage_vi(share(18, 18)), "100,00 %");
  EXPECT_EQ(percentage_vi(share(1, 20'000)), "0,01 %");
  EXPECT_EQ(percentage_vi(share(1, 20'001)), "0,00 %");
  EXPECT_EQ(percentage_vi(share(0, 7)), "0,00 %");
  EXPECT_EQ(percentage_vi(share(91, 74)), "122,97 %");
  EXPECT_EQ(percentage_vi(share(1'234, 100)), "1.234,00 %");
}

TEST(Ratio, HasNoValueWithoutADenominator) {
  EXPECT_EQ(percentage_vi(share(0, 0)), "–");
  EXPECT_EQ(share(0, 0).hundredths(), std::nullopt);
  const Ratio unknown{5, 0, DenominatorKind::group_population, true};
  EXPECT_EQ(percentage_vi(unknown), "không rõ");
  EXPECT_EQ(unknown.hundredths(), std::nullopt);
  EXPECT_FALSE(unknown.exceeds_whole());
}

TEST(Numbers, HaveDotsBetweenThousands) {
  EXPECT_EQ(number_vi(0), "0");
  EXPECT_EQ(number_vi(999), "999");
  EXPECT_EQ(number_vi(1'234), "1.234");
  EXPECT_EQ(number_vi(386'141), "386.141");
  EXPECT_EQ(number_vi(3'830'096), "3.830.096");
}

// The figures of the pilot: 603 citizens, 599 recognised, in three groups.
TEST(ReportB01, RepeatsThePilotOfDienBienPhu) {
  Pilot pilot;
  pilot.add(pilot.muong_thanh, GroupCode::pilot_college_plus, 850, 300);
  pilot.add(pilot.him_lam, GroupCode::pilot_college_plus, 700, 141);
  pilot.add(pilot.him_lam, GroupCode::pilot_college_plus, 500, 1);
  pilot.add(pilot.na_tau, GroupCode::farmer_rural, 705, 140);
  pilot.add(pilot.na_tau, GroupCode::farmer_rural, 695, 3);
  pilot.add(pilot.muong_thanh, GroupCode::pilot_trader, 1000, 18);

  const Table table = pilot.b01(pilot.request());
  EXPECT_EQ(table.rows.size(), 4U * 4U);
  const Unknown unknown;
  const auto expect = [&](const std::string& line, std::uint64_t registered,
                          std::uint64_t recognized) {
    const Row& row = row_of(table, "Toàn bộ", line);
    EXPECT_EQ(row.cells[0], Cell{unknown});
    EXPECT_EQ(row.cells[1], Cell{registered});
    EXPECT_EQ(row.cells[2], Cell{registered});
    EXPECT_EQ(row.cells[3], Cell{recognized});
    EXPECT_EQ(row.cells[4], Cell{share(recognized, registered)});
    EXPECT_TRUE(std::get<Ratio>(row.cells[5]).unknown);
  };
  expect("Cao đẳng trở lên", 442, 441);
  expect("Nông dân", 143, 140);
  expect("Buôn bán", 18, 18);
  expect("Cộng", 603, 599);
  EXPECT_EQ(row_of(table, "Phường Him Lam", "Cộng").cells[1], Cell{std::uint64_t{142}});

  const ScoreTotals totals = pilot.log.views().statistics.sum({.cycle = pilot.cycle}).totals;
  EXPECT_EQ(totals.between(upper_band_from, 1000), 599U);
  EXPECT_EQ(totals.between(middle_band_from, upper_band_from - 1), 4U);
  EXPECT_EQ(totals.exactly(500), 1U);
}

// One commune that gives no population makes the sum unknown; it must not count as nobody.
TEST(ReportB01, SumsPopulationsOnlyWhenAllAreGiven) {
  Pilot pilot;
  pilot.add(pilot.na_tau, GroupCode::farmer_rural, 800, 2);
  ReportRequest request = pilot.request();
  for (const events::UnitId commune : {pilot.muong_thanh, pilot.him_lam, pilot.na_tau}) {
    request.totals.push_back(
        {commune, TitleKind::learning_citizen, GroupCode::farmer_rural, 1'000});
  }
  const Table given = pilot.b01(request);
  EXPECT_EQ(row_of(given, "Toàn bộ", "Nông dân").cells[0], Cell{std::uint64_t{3'000}});
  EXPECT_EQ(row_of(given, "Toàn bộ", "Nông dân").cells[5],
            (Cell{Ratio{2, 3'000, DenominatorKind::group_population, false}}));
  EXPECT_EQ(row_of(given, "Toàn bộ", "Cộng").cells[0], Cell{Unknown{}});
  EXPECT_EQ(row_of(given, "Xã Nà Tấu", "Cộng").cells[0], Cell{Unknown{}});

  request.totals.pop_back();
  EXPECT_EQ(row_of(pilot.b01(request), "Toàn bộ", "Nông dân").cells[0], Cell{Unknown{}});
}

TEST(ReportB01, LeavesOutUnitsThatWereClosedAndCountNobody) {
  Pilot pilot;
  pilot.add(pilot.na_tau, GroupCode::farmer_rural, 800, 1);
  for (const events::UnitId unit : {pilot.na_tau, pilot.him_lam}) {
    pilot.log.append(events::UnitClosed{unit, events::Day{20'270}, {}, ""},
                     {events::StreamKind::unit, unit.event});
  }
  const Table table = pilot.b01(pilot.request());
  EXPECT_EQ(table.rows.size(), 3U * 4U);
  EXPECT_EQ(row_of(table, "Xã Nà Tấu (đến 30/06/2025)", "Cộng").cells[1], Cell{std::uint64_t{1}});
}

// A dossier without a commune is still in the total: parts and whole must agree (V81).
TEST(ReportB01, ShowsWhatLiesInNoCommune) {
  Pilot pilot;
  pilot.add(pilot.na_tau, GroupCode::farmer_rural, 800, 1);
  pilot.add(pilot.city, GroupCode::farmer_rural, 800, 2);
  ReportRequest request = pilot.request();
  EXPECT_EQ(row_of(pilot.b01(request), "Toàn bộ", "Cộng").cells[1], Cell{std::uint64_t{1}});
  request.area = {};
  const Table table = pilot.b01(request);
  EXPECT_EQ(row_of(table, "Chưa phân bổ", "Cộng").cells[1], Cell{std::uint64_t{2}});
  EXPECT_EQ(row_of(table, "Toàn bộ", "Cộng").cells[1], Cell{std::uint64_t{3}});
}

// "Lũy kế" counts grants of all years, "Đạt" those of the year reported on.
TEST(ReportB02, TellsThisYearFromAllYears) {
  FoldedLog log;
  const events::UnitId commune = log.unit(events::UnitKind::commune, {}, "Xã Nà Tấu");
  const events::CycleId before = log.cycle(TitleKind::learning_family, {}, "2024");
  const events::CycleId now = log.cycle(TitleKind::learning_family, {}, "2025");
  const events::CycleId clans = log.cycle(TitleKind::learning_clan, {}, "2025");
  std::uint64_t number = 0;
  const auto add = [&](events::CycleId cycle, int recognized, int registered) {
    for (int count = 0; count < registered; ++count) {
      const auto dossier = log.open(collective(++number), cycle, GroupCode::none, commune);
      log.assess(dossier, 0);
      if (count < recognized) log.recognize(dossier, {});
    }
  };
  add(before, 4, 4);
  add(now, 3, 5);
  add(clans, 0, 2);

  ReportRequest request{commune, {now, clans}, as_of, {}};
  request.totals = {{commune, TitleKind::learning_family, GroupCode::none, 2}};
  const Table table = report_b02(log.state(), log.views().statistics, request);
  EXPECT_EQ(table.cycles, (std::vector<std::string>{"2025"}));
  const Row& families = row_of(table, "Xã Nà Tấu", "Gia đình học tập");
  EXPECT_EQ(families.cells[1], Cell{std::uint64_t{5}});
  EXPECT_EQ(families.cells[2], Cell{std::uint64_t{3}});
  EXPECT_EQ(families.cells[3], Cell{share(3, 5)});
  EXPECT_TRUE(std::get<Ratio>(families.cells[4]).exceeds_whole());
  EXPECT_EQ(families.cells[5], Cell{std::uint64_t{7}});
  EXPECT_EQ(row_of(table, "Toàn bộ", "Dòng họ học tập").cells[1], Cell{std::uint64_t{2}});
  EXPECT_EQ(row_of(table, "Toàn bộ", "Đơn vị học tập").cells[0], Cell{Unknown{}});

  // V80: the reader is told that more were recognised than there are.
  const std::string text = render_text(table);
  EXPECT_NE(text.find("150,00 % (*)"), std::string::npos) << text;
  EXPECT_NE(text.find("(*) Số đạt lớn hơn tổng số"), std::string::npos);
}

Table a_small_table() {
  Table table;
  table.code = "B01";
  table.title = "Công dân học tập theo nhóm đối tượng";
  table.area = "Xã Nà Tấu";
  table.cycles = {"2025"};
  table.position = events::Position{12'345};
  table.as_of = as_of;
  table.line_heading = "Nhóm";
  table.columns = {{"registered", "Đăng ký"}, {"share", "% đạt"}};
  const events::UnitId unit{events::EventId{events::ChainNumber{2}, 2}};
  table.rows = {{unit, "Xã Nà Tấu", "Nông dân", {std::uint64_t{1'234}, share(599, 603)}},
                {unit, "Xã Nà Tấu", "Cộng", {Unknown{}, share(0, 0)}}};
  return table;
}

// Columns are aligned by characters: counting bytes would shift every line with diacritics.
TEST(Rendering, AlignsColumnsByCodePoints) {
  EXPECT_EQ(render_text(a_small_table()),
            "B01. Công dân học tập theo nhóm đối tượng\n"
            "Địa bàn: Xã Nà Tấu\n"
            "Đợt xét: 2025\n"
            "Số liệu tính đến ngày 29/11/2025, theo sổ đến mục số 12.345\n"
            "\n"
            "Đơn vị     Nhóm       Đăng ký    % đạt\n"
            "---------  --------  --------  -------\n"
            "Xã Nà Tấu  Nông dân     1.234  99,34 %\n"
            "           Cộng      không rõ        –\n");
}

// Spreadsheets and scripts of the association read it.
TEST(Rendering, OfJsonStaysAsItIs) {
  Table table = a_small_table();
  table.cycles.push_back("Thí điểm \"2\"");
  table.rows.push_back({{}, "Toàn bộ", "Cộng", {Unknown{}, share(1, 0)}});
  std::get<Ratio>(table.rows.back().cells.back()).unknown = true;
  test_support::expect_golden_text("json/report.json", render_json(table) + render_json({}));
}

TEST(Rendering, GivesMachinesTheIntegersBehindAShare) {
  const std::string json = render_json(a_small_table());
  for (const char* const part :
       {"\"report\": \"B01\"", "\"position\": 12345", "\"as_of\": \"2025-11-29\"",
        "\"unit\": \"2.2\"", "\"registered\": 1234", "\"registered\": null", "\"num\": 599",
        "\"den\": 603", "\"den_kind\": \"REGISTERED\"", "\"percent_hundredths\": 9934",
        "\"text_vi\": \"99,34 %\"", "\"percent_hundredths\": null"}) {
    EXPECT_NE(json.find(part), std::string::npos) << part << "\n" << json;
  }
}

}  // namespace
}  // namespace projections
