#include "projections/views/statistics.h"

#include "projections/views/rebased.h"

#include <algorithm>

namespace projections {
namespace {

using events::DossierState;

/// Stages of the way to a title; a dossier counts in every stage up to its own.
enum class Stage : std::uint8_t {
  opened,
  registered,
  self_assessed,
  reviewed,
  submitted,
  appraised,
};

Stage stage_of(const Dossier& dossier) {
  const bool is_appraised = dossier.outcome != events::AppraisalOutcome{};
  switch (dossier.state) {
    case DossierState::none:
    case DossierState::draft:
    case DossierState::withdrawn:
    case DossierState::lapsed:
      return Stage::opened;
    case DossierState::registered:
    case DossierState::accepted:
    case DossierState::returned:
      return Stage::registered;
    case DossierState::self_assessed:
      return Stage::self_assessed;
    case DossierState::reviewed:
      return Stage::reviewed;
    case DossierState::submitted:
      return Stage::submitted;
    case DossierState::appraised:
    case DossierState::recognized:
    case DossierState::expired:
      return Stage::appraised;
    case DossierState::not_recognized:
      // Refused after the meeting (T10) or after the appraisal (T18).
      return is_appraised ? Stage::appraised : Stage::reviewed;
  }
  return Stage::opened;
}

/// Calls `change` with each counter that the dossier counts in.
template <class Change>
void for_each_counter(const Dossier& dossier, Counters& counters, Change change) {
  const Stage stage = stage_of(dossier);
  const DossierState state = dossier.state;
  change(counters.opened);
  if (stage >= Stage::registered) change(counters.registered);
  if (stage >= Stage::self_assessed) change(counters.self_assessed);
  if (stage >= Stage::reviewed) change(counters.reviewed);
  if (stage >= Stage::submitted) change(counters.submitted);
  if (stage >= Stage::appraised) change(counters.appraised);
  if (state == DossierState::recognized) change(counters.recognized);
  if (state == DossierState::not_recognized) change(counters.not_recognized);
  if (state == DossierState::withdrawn) change(counters.withdrawn);
}

}  // namespace

void ScoreTotals::remove(std::uint16_t total_tenths) {
  const auto found = counts_.find(total_tenths);
  CHECK(found != counts_.end(), "a dossier's total is taken out only after it was counted");
  if (--found->second == 0) counts_.erase(found);
}

void ScoreTotals::add(const ScoreTotals& other) {
  for (const auto& [total, count] : other.counts_) counts_[total] += count;
}

std::uint64_t ScoreTotals::between(std::uint16_t from, std::uint16_t to) const {
  std::uint64_t sum = 0;
  for (auto next = counts_.lower_bound(from); next != counts_.end() && next->first <= to; ++next) {
    sum += next->second;
  }
  return sum;
}

std::optional<std::uint16_t> ScoreTotals::least() const {
  if (counts_.empty()) return std::nullopt;
  return counts_.begin()->first;
}

std::optional<std::uint16_t> ScoreTotals::greatest() const {
  if (counts_.empty()) return std::nullopt;
  return counts_.rbegin()->first;
}

Counters& Counters::operator+=(const Counters& other) {
  opened += other.opened;
  registered += other.registered;
  self_assessed += other.self_assessed;
  reviewed += other.reviewed;
  submitted += other.submitted;
  appraised += other.appraised;
  recognized += other.recognized;
  not_recognized += other.not_recognized;
  withdrawn += other.withdrawn;
  totals.add(other.totals);
  return *this;
}

bool StatisticsFilter::matches(const StatisticsKey& key) const {
  return (!commune || *commune == key.commune) && (!title || *title == key.title) &&
         (!cycle || *cycle == key.cycle) && (!group || *group == key.group);
}

events::TitleKind title_of(events::CollectiveKind kind) {
  switch (kind) {
    case events::CollectiveKind::household:
      return events::TitleKind::learning_family;
    case events::CollectiveKind::clan:
      return events::TitleKind::learning_clan;
    case events::CollectiveKind::hamlet:
      return events::TitleKind::learning_community_hamlet;
    case events::CollectiveKind::unit:
      return events::TitleKind::learning_unit_commune;
  }
  return {};
}

Statistics Statistics::of(const State& state) {
  Statistics statistics;
  state.dossiers().all().for_each([&](const Dossier& dossier) {
    const StatisticsKey key = cell_of(dossier, state);
    count_in(dossier, statistics.cells_[key]);
    statistics.note_move(key, last_change_of(dossier));
  });
  return statistics;
}

Statistics Statistics::rebased(const State& state, events::Day day) {
  Statistics statistics;
  state.dossiers().all().for_each([&](const Dossier& dossier) {
    StatisticsKey key = cell_of(dossier, state);
    key.commune = rebased_home(dossier, state.units(), day).commune;
    count_in(dossier, statistics.cells_[key]);
  });
  return statistics;
}

void Statistics::apply(const EffectiveEvent& effective, const State& state) {
  if (effective.after == nullptr) return;
  const StatisticsKey key = cell_of(*effective.after, state);
  Counters& cell = cells_[key];
  if (effective.before != nullptr) take_out(*effective.before, cell);
  count_in(*effective.after, cell);
  note_move(key, last_change_of(*effective.after));
}

void Statistics::note_move(const StatisticsKey& key, events::Position position) {
  events::Position& moved = moved_[key];
  if (position <= moved) return;
  // Mostly it is the latest of all, and behind the others without a search.
  auto move = by_move_.extract({moved, key});
  moved = position;
  if (move.empty()) {
    by_move_.emplace_hint(by_move_.end(), moved, key);
  } else {
    move.value().first = position;
    by_move_.insert(by_move_.end(), std::move(move));
  }
}

StatisticsKey Statistics::cell_of(const Dossier& dossier, const State& state) {
  const Cycle* const cycle = state.rulebook().find(dossier.cycle);
  const events::TitleKind title = cycle == nullptr ? events::TitleKind{} : cycle->content.title;
  return {dossier.scope, title, dossier.cycle, dossier.group};
}

void Statistics::restrict_to(const events::ReaderScope& reader) {
  const auto is_outside = [&](const StatisticsKey& key) {
    return !reader.includes(events::ScopeSet{key.commune});
  };
  std::erase_if(cells_, [&](const auto& cell) { return is_outside(cell.first); });
  std::erase_if(moved_, [&](const auto& cell) { return is_outside(cell.first); });
  std::erase_if(by_move_, [&](const auto& move) { return is_outside(move.second); });
}

Counters Statistics::sum(const StatisticsFilter& filter) const {
  Counters sum;
  // The cells of one commune stand together.
  auto next = filter.commune ? cells_.lower_bound({*filter.commune, {}, {}, {}}) : cells_.begin();
  for (; next != cells_.end(); ++next) {
    if (filter.commune && next->first.commune != *filter.commune) break;
    if (filter.matches(next->first)) sum += next->second;
  }
  return sum;
}

std::uint64_t Statistics::registered_collectives(events::CollectiveKind kind,
                                                 events::CycleId cycle) const {
  return sum({.title = title_of(kind), .cycle = cycle}).registered;
}

void Statistics::count_in(const Dossier& dossier, Counters& counters) {
  for_each_counter(dossier, counters, [](std::uint64_t& counter) { ++counter; });
  if (stage_of(dossier) >= Stage::self_assessed) counters.totals.add(dossier.total_tenths);
}

void Statistics::take_out(const Dossier& dossier, Counters& counters) {
  for_each_counter(dossier, counters, [](std::uint64_t& counter) { --counter; });
  if (stage_of(dossier) >= Stage::self_assessed) counters.totals.remove(dossier.total_tenths);
}

}  // namespace projections
