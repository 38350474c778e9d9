#include "projections/views/totals.h"

#include "events/base/ranges.h"
#include "projections/views/rebased.h"

#include <map>
#include <utility>

namespace projections {
namespace {

constexpr std::string_view registered_dossiers = "registered_dossiers";
constexpr std::string_view commune_of_opening = "commune_of_opening";
constexpr std::string_view commune_of_home = "commune_of_home";
constexpr std::string_view not_allocated = "not_allocated";

TotalsFigures figures_of(const Counters& counters, std::string_view unit_basis,
                         events::Position as_of) {
  TotalsFigures figures;
  figures.opened = counters.opened;
  figures.registered = counters.registered;
  figures.self_assessed = counters.self_assessed;
  figures.reviewed = counters.reviewed;
  figures.submitted = counters.submitted;
  figures.appraised = counters.appraised;
  figures.recognized = counters.recognized;
  figures.not_recognized = counters.not_recognized;
  figures.withdrawn = counters.withdrawn;
  const auto of_registered = [&](std::uint64_t part) {
    return Share{part, counters.registered, registered_dossiers, unit_basis, as_of};
  };
  figures.recognized_of_registered = of_registered(counters.recognized);
  figures.self_assessed_of_registered = of_registered(counters.self_assessed);
  return figures;
}

/// Which cells the figures are about.
class Area {
 public:
  Area(const TotalsFilter& filter, const UnitsOnDay& units)
      : filter_(filter),
        cells_{.title = filter.title, .cycle = filter.cycle, .group = filter.group},
        units_(units) {}

  bool contains(const StatisticsKey& key) {
    if (!cells_.matches(key)) return false;
    const auto [known, is_new] = known_.try_emplace(key.commune, false);
    if (is_new) {
      known->second = filter_.scope.includes(events::ScopeSet{key.commune}) &&
                      units_.lies_in(key.commune, filter_.unit);
    }
    return known->second;
  }

 private:
  const TotalsFilter& filter_;
  const StatisticsFilter cells_;
  const UnitsOnDay units_;
  std::map<events::UnitId, bool> known_;
};

}  // namespace

TotalsFold::TotalsFold(State start)
    : state_(std::move(start)), statistics_(Statistics::of(state_)) {}

void TotalsFold::take(const events::StoredEvent& stored, const events::ScopeSet& scope) {
  state_.apply(stored, scope, [this](const EffectiveEvent& effective, const State& state) {
    statistics_.apply(effective, state);
  });
}

TotalsView totals_of(const State& state, const Statistics& statistics, const TotalsFilter& filter) {
  TotalsView view;
  view.position = state.applied();
  Area area(filter, state.units().on(filter.day));
  Counters sum;
  for (const auto& [key, counters] : statistics.cells()) {
    if (!area.contains(key)) continue;
    sum += counters;
    view.rows.push_back({key, figures_of(counters, commune_of_opening, view.position)});
  }
  view.sum = figures_of(sum, commune_of_opening, view.position);
  return view;
}

TotalsView rebased_totals_of(const State& state, const TotalsFilter& filter) {
  TotalsView view;
  view.position = state.applied();
  Area area(filter, state.units().on(filter.day));
  const Statistics statistics = Statistics::rebased(state, filter.day);
  Counters sum;
  Counters unallocated;
  for (const auto& [key, counters] : statistics.cells()) {
    if (!area.contains(key)) continue;
    sum += counters;
    const bool is_allocated = is_a_place(state.units(), key.commune, filter.day);
    if (!is_allocated) unallocated += counters;
    const std::string_view basis = is_allocated ? commune_of_home : not_allocated;
    view.rows.push_back({key, figures_of(counters, basis, view.position)});
  }
  view.sum = figures_of(sum, commune_of_home, view.position);
  view.unallocated = figures_of(unallocated, not_allocated, view.position);
  return view;
}

TotalsPage page_of(const TotalsView& view, const std::optional<StatisticsKey>& after,
                   std::size_t limit) {
  TotalsPage page;
  const auto key_of = [](const TotalsRow& row) { return row.key; };
  auto next = after ? events::ranges::upper_bound(view.rows, *after, std::less<>{}, key_of)
                    : view.rows.begin();
  for (; next != view.rows.end() && page.rows.size() < limit; ++next) page.rows.push_back(*next);
  if (next != view.rows.end()) page.next = page.rows.back().key;
  return page;
}

}  // namespace projections
