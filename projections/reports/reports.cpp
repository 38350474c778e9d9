#include "projections/reports/reports.h"

#include "events/base/ranges.h"
#include "projections/texts/report_texts.h"
#include "projections/texts/texts.h"
#include "projections/views/rebased.h"

#include <algorithm>
#include <array>
#include <set>

namespace projections {
namespace {

using events::GroupCode;
using events::TitleKind;
using events::UnitId;

/// One unit's part of a report: a line of a table is computed from these numbers only, a sum from
/// the sums of these numbers.
struct Figures {
  std::optional<std::uint64_t> whole = 0;  ///< Nothing when somebody's part of it is unknown.
  std::uint64_t registered{};
  std::uint64_t self_assessed{};
  std::uint64_t recognized{};
  std::uint64_t all_grants{};

  Figures& operator+=(const Figures& other) {
    if (whole && other.whole) {
      *whole += *other.whole;
    } else {
      whole.reset();
    }
    registered += other.registered;
    self_assessed += other.self_assessed;
    recognized += other.recognized;
    all_grants += other.all_grants;
    return *this;
  }
};

/// A place in the report: a commune, or all that lies in no commune of it.
struct Place {
  UnitId commune;
  std::string name;
};

/// The statistics that a report is made from: those by opening, or the dossiers counted anew by
/// their homes.
class Counted {
 public:
  Counted(const State& state, const Statistics& opened, const ReportRequest& request)
      : opened_(opened) {
    if (request.rebased) rebased_ = Statistics::rebased(state, request.as_of);
  }
  const Statistics& statistics() const { return rebased_ ? *rebased_ : opened_; }

 private:
  const Statistics& opened_;
  std::optional<Statistics> rebased_;
};

Cell cell_of(const std::optional<std::uint64_t>& count) {
  if (!count) return Unknown{};
  return *count;
}

Ratio share_of_whole(const Figures& figures, DenominatorKind kind) {
  return {figures.recognized, figures.whole.value_or(0), kind, !figures.whole};
}

Ratio share_of_registered(const Figures& figures) {
  return {figures.recognized, figures.registered, DenominatorKind::registered, false};
}

std::optional<std::uint64_t> given_total(const ReportRequest& request, UnitId commune,
                                         TitleKind title, GroupCode group) {
  for (const GivenTotal& given : request.totals) {
    if (given.commune == commune && given.title == title && given.group == group) {
      return given.count;
    }
  }
  return std::nullopt;
}

/// Names are used again: a unit that had ended is told from the one that has its name now.
std::string place_name(const State& state, const Unit& unit, const ReportRequest& request) {
  const std::string& name = unit.version_on(request.as_of).name;
  if (request.rebased && !is_a_place(state.units(), unit.id, request.as_of)) {
    return report_text(ReportText::in_no_unit) + ": " + name;
  }
  if (!unit.is_closed_on(request.as_of)) return name;
  const events::Day last{unit.closed_from->value - 1};
  return name + " (" + report_text(ReportText::until) + " " + events::to_vietnamese(last) + ")";
}

/// Communes of the area that were open on the day or have figures, by their ids; then, for the
/// whole log, whatever has figures and lies in none of them.
std::vector<Place> places_of(const State& state, const Statistics& statistics,
                             const ReportRequest& request) {
  std::set<UnitId> counted;
  for (const auto& [key, counters] : statistics.cells()) counted.insert(key.commune);

  std::vector<Place> places;
  for (const UnitId commune : state.units().on(request.as_of).communes_in(request.area)) {
    const Unit* const unit = state.units().find(commune);
    const bool has_figures = counted.erase(commune) != 0;
    if (!has_figures && !unit->is_open_on(request.as_of)) continue;
    places.push_back({commune, place_name(state, *unit, request)});
  }
  if (request.area.is_none()) {
    for (const UnitId commune : counted)
      places.push_back({commune, report_text(ReportText::in_no_unit)});
  }
  return places;
}

Table table_of(const State& state, const ReportRequest& request) {
  Table table;
  table.area = request.area.is_none() ? report_text(ReportText::whole_log)
                                      : state.units().on(request.as_of).name_of(request.area);
  for (const events::CycleId id : request.cycles) {
    const Cycle* const cycle = state.rulebook().find(id);
    std::string label = cycle == nullptr ? to_string(id) : cycle->content.label;
    // The cycles of several titles of one year often carry the same label.
    if (events::ranges::find(table.cycles, label) == table.cycles.end()) {
      table.cycles.push_back(std::move(label));
    }
  }
  table.position = state.applied();
  table.as_of = request.as_of;
  if (request.rebased) table.rebased_on = request.as_of;
  return table;
}

Column column(const char* key, ReportText heading) { return {key, report_text(heading)}; }

/// One line of each place, and its sum: a group or a title.
struct Line {
  std::string name;
  TitleKind title{};
  std::optional<GroupCode> group;  ///< Nothing: the sum over the groups above.
  std::vector<events::CycleId> cycles;
};

Figures figures_of(const Statistics& statistics, const ReportRequest& request, UnitId commune,
                   const Line& line) {
  Figures figures;
  StatisticsFilter filter{.commune = commune, .title = line.title, .group = line.group};
  for (const events::CycleId cycle : line.cycles) {
    filter.cycle = cycle;
    const Counters counters = statistics.sum(filter);
    figures.registered += counters.registered;
    figures.self_assessed += counters.self_assessed;
    figures.recognized += counters.recognized;
  }
  filter.cycle.reset();
  figures.all_grants = statistics.sum(filter).recognized;
  figures.whole = given_total(request, commune, line.title, line.group.value_or(GroupCode::none));
  return figures;
}

/// Fills in the rows: each line of each place, then the sums over the places.
template <class ToCells>
void add_rows(Table& table, const std::vector<Place>& places, const std::vector<Line>& lines,
              const Statistics& statistics, const ReportRequest& request, ToCells to_cells) {
  std::vector<Figures> sums(lines.size());
  for (const Place& place : places) {
    Figures of_groups;
    for (std::size_t index = 0; index < lines.size(); ++index) {
      Figures figures = figures_of(statistics, request, place.commune, lines[index]);
      if (lines[index].group) {
        of_groups += figures;
      } else {
        figures.whole = of_groups.whole;
      }
      sums[index] += figures;
      table.rows.push_back({place.commune, place.name, lines[index].name, to_cells(figures)});
    }
  }
  for (std::size_t index = 0; index < lines.size(); ++index) {
    table.rows.push_back(
        {UnitId{}, report_text(ReportText::all_units), lines[index].name, to_cells(sums[index])});
  }
}

/// The groups of the cycles' criteria, in their order, then others that were counted.
std::vector<Line> citizen_lines(const State& state, const Statistics& statistics,
                                const std::vector<events::CycleId>& cycles) {
  std::vector<Line> lines;
  const auto add = [&](GroupCode group, std::string_view name) {
    const bool known = events::ranges::any_of(
        lines, [&](const Line& line) { return line.group == std::optional{group}; });
    if (!known) lines.push_back({std::string{name}, TitleKind::learning_citizen, group, cycles});
  };
  for (const events::CycleId id : cycles) {
    const Cycle* const cycle = state.rulebook().find(id);
    const Criteria* const criteria =
        cycle == nullptr ? nullptr : state.rulebook().find(cycle->content.criteria);
    if (criteria == nullptr) continue;
    for (const events::GroupVariant& variant : criteria->content.groups) {
      add(variant.group, variant.label_vi);
    }
  }
  for (const auto& [key, counters] : statistics.cells()) {
    if (events::ranges::find(cycles, key.cycle) != cycles.end()) add(key.group, name_vi(key.group));
  }
  lines.push_back(
      {report_text(ReportText::sum_of_groups), TitleKind::learning_citizen, std::nullopt, cycles});
  return lines;
}

std::vector<Line> collective_lines(const State& state, const ReportRequest& request) {
  constexpr std::array titles = {TitleKind::learning_family, TitleKind::learning_clan,
                                 TitleKind::learning_community_hamlet,
                                 TitleKind::learning_unit_commune};
  std::vector<Line> lines;
  for (const TitleKind title : titles) {
    Line line{std::string{name_vi(title)}, title, GroupCode::none, {}};
    for (const events::CycleId id : request.cycles) {
      const Cycle* const cycle = state.rulebook().find(id);
      if (cycle != nullptr && cycle->content.title == title) line.cycles.push_back(id);
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace

std::optional<std::uint64_t> Ratio::hundredths() const {
  if (unknown || den == 0) return std::nullopt;
  return (num * 20'000 + den) / (den * 2);
}

Table report_b01(const State& state, const Statistics& opened, const ReportRequest& request) {
  const Counted counted(state, opened, request);
  const Statistics& statistics = counted.statistics();
  Table table = table_of(state, request);
  table.code = "B01";
  table.title = report_text(ReportText::b01_title);
  table.line_heading = report_text(ReportText::group);
  table.columns = {column("group_population", ReportText::group_population),
                   column("registered", ReportText::registered),
                   column("self_assessed", ReportText::self_assessed),
                   column("recognized", ReportText::recognized),
                   column("recognized_of_registered", ReportText::share_of_registered),
                   column("recognized_of_population", ReportText::share_of_population)};
  add_rows(table, places_of(state, statistics, request),
           citizen_lines(state, statistics, request.cycles), statistics, request,
           [](const Figures& figures) {
             return std::vector<Cell>{cell_of(figures.whole),
                                      figures.registered,
                                      figures.self_assessed,
                                      figures.recognized,
                                      share_of_registered(figures),
                                      share_of_whole(figures, DenominatorKind::group_population)};
           });
  return table;
}

Table report_b02(const State& state, const Statistics& opened, const ReportRequest& request) {
  const Counted counted(state, opened, request);
  const Statistics& statistics = counted.statistics();
  Table table = table_of(state, request);
  table.code = "B02";
  table.title = report_text(ReportText::b02_title);
  table.line_heading = report_text(ReportText::title);
  table.columns = {column("total", ReportText::total),
                   column("registered", ReportText::registered),
                   column("recognized", ReportText::recognized),
                   column("recognized_of_registered", ReportText::share_of_registered),
                   column("recognized_of_total", ReportText::share_of_population),
                   column("grants_so_far", ReportText::grants_so_far)};
  add_rows(table, places_of(state, statistics, request), collective_lines(state, request),
           statistics, request, [](const Figures& figures) {
             return std::vector<Cell>{cell_of(figures.whole),
                                      figures.registered,
                                      figures.recognized,
                                      share_of_registered(figures),
                                      share_of_whole(figures, DenominatorKind::total_subjects),
                                      figures.all_grants};
           });
  return table;
}

std::string render_b01(const State& state, const Statistics& statistics,
                       const ReportRequest& request) {
  return render_text(report_b01(state, statistics, request));
}

std::string render_b02(const State& state, const Statistics& statistics,
                       const ReportRequest& request) {
  return render_text(report_b02(state, statistics, request));
}

}  // namespace projections
