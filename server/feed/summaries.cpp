#include "server/feed/summaries.h"

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

namespace server {

namespace protocol = events::protocol;
using events::Position;
using events::UnitId;
using projections::Dossier;
using projections::StatisticsKey;

namespace {

Position last_change_of(const Dossier& dossier) {
  return std::max({dossier.opened_at, dossier.changes.last, dossier.additions.last});
}

/// Which communes a subscription is about.
class Area {
 public:
  Area(const SummaryQuestion& question, const projections::UnitsOnDay& units)
      : question_(question), units_(units) {}

  bool contains(UnitId commune) {
    const auto [known, is_new] = known_.try_emplace(commune, false);
    if (is_new) {
      known->second = question_.scope.includes(events::ScopeSet{commune}) &&
                      (question_.unit.is_none() || units_.lies_in(commune, question_.unit));
    }
    return known->second;
  }

 private:
  const SummaryQuestion& question_;
  const projections::UnitsOnDay units_;
  std::map<UnitId, bool> known_;
};

template <class Row>
struct Changed {
  Position at;
  Row row;
};

/// The oldest changes that fit a frame, all rows of one position together where they fit at all.
/// Returns how far they reach.
template <class Row>
Position cut_to_frame(std::vector<Changed<Row>>& changed, Position applied) {
  std::ranges::stable_sort(changed, {}, &Changed<Row>::at);
  if (changed.size() <= protocol::summary_rows_max) return applied;
  std::size_t kept = protocol::summary_rows_max;
  while (kept > 0 && changed[kept - 1].at == changed[protocol::summary_rows_max].at) --kept;
  if (kept == 0) kept = protocol::summary_rows_max;  // One event moves one dossier: never so many.
  changed.resize(kept);
  return changed.back().at;
}

protocol::DossierStatus row_of(const Dossier& dossier) {
  return {.dossier = dossier.id,
          .subject = dossier.subject,
          .commune = dossier.scope,
          .cycle = dossier.cycle,
          .group = dossier.group,
          .state = dossier.state,
          .changed_at = last_change_of(dossier)};
}

protocol::TotalsRow row_of(const StatisticsKey& key, const projections::Counters& counters) {
  return {.commune = key.commune,
          .title = key.title,
          .cycle = key.cycle,
          .group = key.group,
          .registered = counters.registered,
          .self_assessed = counters.self_assessed,
          .reviewed = counters.reviewed,
          .submitted = counters.submitted,
          .appraised = counters.appraised,
          .recognized = counters.recognized,
          .not_recognized = counters.not_recognized,
          .withdrawn = counters.withdrawn};
}

template <class Frame, class Row>
Frame frame_of(std::vector<Changed<Row>> changed, Position applied) {
  Frame frame;
  const std::size_t all = changed.size();
  frame.upto = cut_to_frame(changed, applied);
  frame.caught_up = changed.size() == all;
  for (Changed<Row>& each : changed) frame.rows.push_back(std::move(each.row));
  return frame;
}

}  // namespace

Summary summarize(const SummaryQuestion& question, const projections::State& state,
                  const projections::Statistics& statistics) {
  Area area(question, state.units().on(question.day));
  std::vector<Changed<protocol::DossierStatus>> dossiers;
  std::map<StatisticsKey, Position> cells;  // And when each was last moved.
  for (const Dossier& dossier : state.dossiers().all()) {
    const Position changed = last_change_of(dossier);
    if (changed <= question.after || !area.contains(dossier.scope)) continue;
    if (question.mode == protocol::SummaryMode::dossier_statuses) {
      dossiers.push_back({changed, row_of(dossier)});
      continue;
    }
    const StatisticsKey key = projections::Statistics::cell_of(dossier, state);
    cells[key] = std::max(cells[key], changed);
  }
  const Position applied = state.applied();
  if (question.mode == protocol::SummaryMode::dossier_statuses) {
    return frame_of<protocol::DossierStatuses>(std::move(dossiers), applied);
  }
  std::vector<Changed<protocol::TotalsRow>> totals;
  for (const auto& [key, changed] : cells) {
    const auto cell = statistics.cells().find(key);
    if (cell != statistics.cells().end()) totals.push_back({changed, row_of(key, cell->second)});
  }
  return frame_of<protocol::Totals>(std::move(totals), applied);
}

}  // namespace server
