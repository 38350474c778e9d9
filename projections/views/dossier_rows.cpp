#include "projections/views/dossier_rows.h"

#include "events/text/folding.h"
#include "projections/criteria/criteria.h"
#include "projections/state/standing.h"
#include "projections/texts/sheet_texts.h"

#include <algorithm>
#include <limits>
#include <utility>

namespace projections {

namespace {

/// A dossier that the filter leaves, and its place.
struct Candidate {
  DossierCursor place;
  const Dossier* dossier = nullptr;
};

bool is_meant(const Dossier& dossier, const State& state, const UnitsOnDay& units,
              const DossierFilter& filter) {
  return (filter.cycle.is_none() || dossier.cycle == filter.cycle) &&
         (!filter.state || standing_of(dossier, state.rulebook()) == *filter.state) &&
         (!filter.group || dossier.group == *filter.group) &&
         units.lies_in(dossier.home_unit, filter.unit);
}

/// "anh lo thi anh" for "Lò Thị Ánh": people look for the name that somebody is called by.
std::string name_key(const std::string& name) {
  const std::string plain = events::without_marks(name);
  const std::size_t blank = plain.rfind(' ');
  return (blank == std::string::npos ? plain : plain.substr(blank + 1)) + " " + plain;
}

DossierCursor place_of(const Dossier& dossier, std::uint64_t opened, DossierOrder order,
                       const std::string& name) {
  DossierCursor place;
  place.opened = opened;
  if (order == DossierOrder::name) place.text = name_key(name);
  if (order == DossierOrder::points) {
    place.number = std::numeric_limits<std::uint16_t>::max() - dossier.total_tenths;
  }
  return place;
}

void fill_sheet(DossierRow& row, const Dossier& dossier, const State& state,
                const SheetOf& sheet_of) {
  row.total_tenths = dossier.total_tenths;
  const BoundCriteria bound = criteria_of(dossier, state.rulebook());
  if (bound.variant == nullptr) return;
  row.total_needed_tenths = total_needed(*bound.variant);
  row.floor_needed_tenths = floor_needed(*bound.variant);
  if (dossier.assessor.is_none()) return;
  row.outcome = dossier.sheet_passes ? SheetOutcome::passes : SheetOutcome::does_not_pass;
  if (!sheet_of || dossier.sheet_passes) return;
  const std::span<const std::uint16_t> scores = sheet_of(dossier.id);
  const std::size_t known = std::min(scores.size(), bound.variant->indicators.size());
  for (std::size_t index = 0; index < known; ++index) {
    if (scores[index] >= row.floor_needed_tenths) continue;
    const std::uint8_t indicator = bound.variant->indicators[index];
    row.low_scores.push_back({bound.criteria->content.indicators[indicator].code, scores[index]});
  }
}

DossierRow row_of(const Dossier& dossier, const State& state, const UnitsOnDay& units,
                  const NameOf& name_of, const SheetOf& sheet_of) {
  DossierRow row;
  row.id = dossier.id;
  row.subject = dossier.subject;
  row.subject_name = name_of(dossier.subject.id);
  row.cycle = dossier.cycle;
  if (const Cycle* const cycle = state.rulebook().find(dossier.cycle)) {
    row.cycle_label = cycle->content.label;
  }
  row.group = dossier.group;
  row.home_unit = dossier.home_unit;
  if (!dossier.home_unit.is_none()) row.unit_name = units.name_of(dossier.home_unit);
  row.state = standing_of(dossier, state.rulebook());
  row.evidence_count = dossier.evidence_count;
  fill_sheet(row, dossier, state, sheet_of);
  return row;
}

}  // namespace

RowPage<DossierRow, DossierCursor> dossier_rows(const State& state,
                                                const DossierPageRequest& request,
                                                const NameOf& name_of, const SheetOf& sheet_of) {
  const std::string part = events::without_marks(request.filter.name_part);
  const bool needs_names = !part.empty() || request.order == DossierOrder::name;
  const UnitsOnDay units = state.units().on(request.day);
  std::vector<Candidate> candidates;
  std::uint64_t opened = 0;
  for (const Dossier& dossier : state.dossiers().all()) {
    ++opened;
    if (!is_meant(dossier, state, units, request.filter)) continue;
    const std::string name = needs_names ? name_of(dossier.subject.id) : std::string{};
    if (events::without_marks(name).find(part) == std::string::npos) continue;
    DossierCursor place = place_of(dossier, opened, request.order, name);
    if (request.after && place <= *request.after) continue;
    candidates.push_back({std::move(place), &dossier});
  }
  const std::size_t rows_max = std::clamp<std::size_t>(request.rows_max, 1, view_rows_max);
  const std::size_t count = std::min(rows_max, candidates.size());
  const auto is_before = [](const Candidate& one, const Candidate& other) {
    return one.place < other.place;
  };
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(count),
                    candidates.end(), is_before);
  RowPage<DossierRow, DossierCursor> page;
  for (std::size_t index = 0; index < count; ++index) {
    page.rows.push_back(row_of(*candidates[index].dossier, state, units, name_of, sheet_of));
  }
  if (count < candidates.size()) page.next = candidates[count - 1].place;
  return page;
}

}  // namespace projections
