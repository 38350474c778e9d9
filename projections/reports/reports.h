#pragma once

#include "events/base/enum_table.h"
#include "projections/state/state.h"
#include "projections/views/statistics.h"

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

namespace projections {

/// What a share is a share of.  Figures without it cannot be compared (domain.md 7.1).
enum class DenominatorKind : std::uint8_t {
  registered = 1,        ///< Đã đăng ký
  group_population = 2,  ///< Tổng số người trong nhóm
  total_subjects = 3,    ///< Tổng số hộ, dòng họ, thôn, đơn vị
};

}  // namespace projections

/// In JSON the words stand in capitals.
template <>
struct events::EnumTable<projections::DenominatorKind> {
  using enum projections::DenominatorKind;
  static constexpr EnumRow<projections::DenominatorKind> rows[] = {
      {registered, "registered"},
      {group_population, "group_population"},
      {total_subjects, "total_subjects"},
  };
};

namespace projections {

/// A share that keeps the integers it was made of.
struct Ratio {
  std::uint64_t num{};
  std::uint64_t den{};
  DenominatorKind den_kind{};
  bool unknown = false;  ///< Nobody gave the denominator; `den` says nothing.

  /// Hundredths of a percent, rounded half up once; nothing without a denominator above 0.
  /// Expects: num and den below 2^50.
  std::optional<std::uint64_t> hundredths() const;
  /// V80: more than the whole, which a reader must be told.
  bool exceeds_whole() const { return !unknown && num > den; }
  bool operator==(const Ratio&) const = default;
};

/// A number that nobody gave.  Printed as "không rõ", never guessed.
struct Unknown {
  bool operator==(const Unknown&) const = default;
};
using Cell = std::variant<Unknown, std::uint64_t, Ratio>;

struct Column {
  std::string key;         ///< In JSON, e.g. "registered".
  std::string heading_vi;  ///< On paper, e.g. "Đăng ký".
};

struct Row {
  events::UnitId unit;  ///< None for totals and for what no unit of the report holds.
  /// "Xã Nà Tấu", "Toàn bộ" or "Chưa phân bổ"; a unit that had ended has its last day behind it.
  std::string unit_name;
  std::string line;  ///< Group or title, e.g. "Nông dân, lao động nông thôn".
  std::vector<Cell> cells;
  bool operator==(const Row&) const = default;
};

/// A report with what it was computed from.  All reports are tables, and all tables render alike.
struct Table {
  std::string code;   ///< "B01"
  std::string title;  ///< Vietnamese.
  std::string area;   ///< Name of the unit reported on.
  std::vector<std::string> cycles;
  events::Position position;  ///< Of the last event that counts.
  events::Day as_of;
  /// The day on whose map the dossiers count by their homes; nothing: each where it was opened.
  std::optional<events::Day> rebased_on;
  std::string line_heading;  ///< "Nhóm đối tượng"
  std::vector<Column> columns;
  std::vector<Row> rows;
};

/// A total that no dossier can tell: people of a group, households, clans, hamlets, units.
struct GivenTotal {
  events::UnitId commune;
  events::TitleKind title{};
  events::GroupCode group{};
  std::uint64_t count{};
};

struct ReportRequest {
  events::UnitId area;                  ///< None: the whole log.
  std::vector<events::CycleId> cycles;  ///< B01: of the citizens; B02: at most one of each title.
  /// The last day that counts, as the caller knows it.  Units lie and are called as on this day.
  events::Day as_of;
  std::vector<GivenTotal> totals;  ///< A commune and group that is missing is unknown.
  /// Dossiers count by their homes on `as_of`, and not where they were opened (domain.md U6).
  bool rebased = false;
};

/// Công dân học tập theo nhóm đối tượng: communes × groups, and their sums.
/// Expects: `statistics` was folded with `state`.
Table report_b01(const State& state, const Statistics& statistics, const ReportRequest& request);
/// Các mô hình học tập: communes × family, clan, community, unit, with all grants so far.
/// Expects: `statistics` was folded with `state`.
Table report_b02(const State& state, const Statistics& statistics, const ReportRequest& request);

/// The documents by which units ended, by the position of their events.
using DecreeNames = std::map<events::Position, std::string>;

/// Biến động đơn vị: the communes that ended until `as_of`, what became of the dossiers that were
/// in them, and how many of these nobody can allocate.
/// `names`: what the caller has read of the log; a decree that is missing is "không rõ".
Table report_b14(const State& state, const ReportRequest& request, const DecreeNames& names);

/// "1.234"
std::string number_vi(std::uint64_t number);
/// "99,34 %"; "không rõ" without a denominator, "–" for a denominator of 0.
std::string percentage_vi(const Ratio& ratio);

/// The table as text with aligned columns, a character of Unicode being one column wide.
std::string render_text(const Table& table);
/// The table as JSON: shares with numerator, denominator, kind and hundredths, unknowns as null.
std::string render_json(const Table& table);

std::string render_b01(const State& state, const Statistics& statistics,
                       const ReportRequest& request);
std::string render_b02(const State& state, const Statistics& statistics,
                       const ReportRequest& request);

}  // namespace projections
