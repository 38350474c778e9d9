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
using projections::last_change_of;
using projections::StatisticsKey;

namespace {

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

std::vector<Changed<protocol::DossierStatus>> moved_dossiers(const SummaryQuestion& question,
                                                             const projections::State& state,
                                                             const RecentDossiers& recent,
                                                             Area& area) {
  std::vector<Changed<protocol::DossierStatus>> dossiers;
  if (!recent.knows_since(question.after)) {
    state.dossiers().all().for_each([&](const Dossier& dossier) {
      const Position changed = last_change_of(dossier);
      if (changed <= question.after || !area.contains(dossier.scope)) return;
      dossiers.push_back({changed, row_of(dossier)});
    });
    return dossiers;
  }
  recent.for_each_since(question.after, [&](Position position, events::DossierId id) {
    const Dossier* const dossier = state.dossiers().find(id);
    // It comes where it moved last.
    const bool is_last = dossier != nullptr && last_change_of(*dossier) == position;
    if (is_last && area.contains(dossier->scope)) dossiers.push_back({position, row_of(*dossier)});
    return dossiers.size() <= protocol::summary_rows_max;
  });
  return dossiers;
}

std::vector<Changed<protocol::TotalsRow>> moved_totals(const SummaryQuestion& question,
                                                       const projections::Statistics& statistics,
                                                       Area& area) {
  std::vector<Changed<protocol::TotalsRow>> totals;
  statistics.for_each_moved(question.after, [&](Position position, const StatisticsKey& key) {
    if (!area.contains(key.commune)) return;
    totals.push_back({position, row_of(key, statistics.cells().at(key))});
  });
  return totals;
}

}  // namespace

Summary summarize(const SummaryQuestion& question, const projections::State& state,
                  const projections::Statistics& statistics, const RecentDossiers& recent) {
  Area area(question, state.units().on(question.day));
  const Position applied = state.applied();
  if (question.mode == protocol::SummaryMode::dossier_statuses) {
    return frame_of<protocol::DossierStatuses>(moved_dossiers(question, state, recent, area),
                                               applied);
  }
  return frame_of<protocol::Totals>(moved_totals(question, statistics, area), applied);
}

}  // namespace server
