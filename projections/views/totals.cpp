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

/// Which communes the figures are about.
class Area {
 public:
  Area(const TotalsFilter& filter, const UnitsOnDay& units) : filter_(filter), units_(units) {}

  bool contains(events::UnitId commune) {
    const auto [known, is_new] = known_.try_emplace(commune, false);
    if (is_new) {
      known->second = filter_.scope.includes(events::ScopeSet{commune}) &&
                      units_.lies_in(commune, filter_.unit);
    }
    return known->second;
  }

 private:
  const TotalsFilter& filter_;
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
  const StatisticsFilter cells{.title = filter.title, .cycle = filter.cycle, .group = filter.group};
  Statistics moved;
  if (filter.rebased) moved = Statistics::rebased(state, filter.day);
  const std::string_view basis = filter.rebased ? commune_of_home : commune_of_opening;
  Counters sum;
  Counters unallocated;
  for (const auto& [key, counters] : (filter.rebased ? moved : statistics).cells()) {
    if (!cells.matches(key) || !area.contains(key.commune)) continue;
    sum += counters;
    const bool is_allocated = !filter.rebased || is_a_place(state.units(), key.commune, filter.day);
    if (!is_allocated) unallocated += counters;
    view.rows.push_back(
        {key, figures_of(counters, is_allocated ? basis : not_allocated, view.position)});
  }
  view.sum = figures_of(sum, basis, view.position);
  if (filter.rebased) view.unallocated = figures_of(unallocated, not_allocated, view.position);
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
