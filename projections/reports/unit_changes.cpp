#include "projections/reports/reports.h"
#include "projections/texts/report_texts.h"
#include "projections/views/rebased.h"

#include <map>
#include <vector>

// Report B14: what became of the communes that ended.

namespace projections {
namespace {

using events::Day;
using events::UnitId;

/// As UnitsOnDay::current() follows heirs.
constexpr int changes_max = 64;

struct Moved {
  std::uint64_t dossiers = 0;     ///< That were in the commune when it ended.
  std::uint64_t unallocated = 0;  ///< Of these: nobody can say where they belong.
};
using MovedByUnit = std::map<UnitId, Moved>;

/// Walks the dossier through the communes that it was in, one change after the other.
void count(const Dossier& dossier, const Units& units, Day as_of, MovedByUnit& moved) {
  UnitId commune = dossier.scope;
  for (int step = 0; step < changes_max; ++step) {
    const Unit* const unit = units.find(commune);
    if (unit == nullptr || !unit->is_closed_on(as_of)) return;
    const RebasedHome next = rebased_home(dossier, units, *unit->closed_from);
    Moved& of_unit = moved[commune];
    ++of_unit.dossiers;
    if (!next.is_allocated) ++of_unit.unallocated;
    if (next.commune == commune) return;
    commune = next.commune;
  }
}

/// "Phường Điện Biên Phủ; Phường Mường Phăng, 01/07/2025, NQ 1661".
std::string change_of(const Unit& unit, const Units& units, const DecreeNames& names) {
  const Day day = *unit.closed_from;
  std::string text;
  for (const UnitId successor : unit.successors) {
    text += (text.empty() ? "" : "; ") + units.on(day).short_name_of(successor);
  }
  text += (text.empty() ? "" : ", ") + events::to_vietnamese(day);
  const auto name = names.find(unit.closed_at);
  return text + ", " + (name == names.end() ? report_text(ReportText::not_known) : name->second);
}

}  // namespace

Table report_b14(const State& state, const ReportRequest& request, const DecreeNames& names) {
  const Units& units = state.units();
  Table table;
  table.code = "B14";
  table.title = report_text(ReportText::b14_title);
  table.area = request.area.is_none() ? report_text(ReportText::whole_log)
                                      : units.on(request.as_of).name_of(request.area);
  table.cycles = {report_text(ReportText::whole_log)};
  table.position = state.applied();
  table.as_of = request.as_of;
  table.line_heading = report_text(ReportText::new_unit);
  table.columns = {{"dossiers", report_text(ReportText::dossiers_moved)},
                   {"unallocated", report_text(ReportText::in_no_unit)}};
  MovedByUnit moved;
  for (const Dossier& dossier : state.dossiers().all()) {
    count(dossier, units, request.as_of, moved);
  }
  Moved sum;
  const UnitsOnDay on_day = units.on(request.as_of);
  for (const Unit& unit : units.all()) {
    const bool is_asked = is_commune_level(unit) && unit.is_closed_on(request.as_of) &&
                          on_day.lies_in(unit.id, request.area);
    if (!is_asked) continue;
    const Moved& of_unit = moved[unit.id];
    sum.dossiers += of_unit.dossiers;
    sum.unallocated += of_unit.unallocated;
    table.rows.push_back({unit.id,
                          units.on(Day{unit.closed_from->value - 1}).name_of(unit.id),
                          change_of(unit, units, names),
                          {of_unit.dossiers, of_unit.unallocated}});
  }
  table.rows.push_back({UnitId{},
                        report_text(ReportText::all_units),
                        report_text(ReportText::sum_of_groups),
                        {sum.dossiers, sum.unallocated}});
  return table;
}

}  // namespace projections
