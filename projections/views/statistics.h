#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/projection.h"
#include "projections/state/state.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

namespace projections {

/// How many dossiers have each total on their current sheet.  From it come the score bands of a
/// report, whatever their bounds, and figures such as "one citizen with exactly 50 points".
class ScoreTotals {
 public:
  void add(std::uint16_t total_tenths) { ++counts_[total_tenths]; }
  /// Expects: added before.
  void remove(std::uint16_t total_tenths);
  void add(const ScoreTotals& other);

  /// Dossiers with `from` ≤ total ≤ `to`, in tenths.
  std::uint64_t between(std::uint16_t from, std::uint16_t to) const;
  std::uint64_t exactly(std::uint16_t total_tenths) const {
    return between(total_tenths, total_tenths);
  }
  std::optional<std::uint16_t> least() const;
  std::optional<std::uint16_t> greatest() const;

  bool operator==(const ScoreTotals&) const = default;

  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{counts_.size()});
    for (const auto& [total, count] : counts_) archive(total, count);
  }
  template <class Archive>
  void load(Archive& archive) {
    counts_.clear();
    const std::size_t size = archive.read_length(std::size_t{1} << 16U);
    for (std::size_t index = 0; index < size; ++index) {
      std::uint16_t total = 0;
      std::uint64_t count = 0;
      archive(total, count);
      counts_.insert_or_assign(total, count);
    }
  }

 private:
  std::map<std::uint16_t, std::uint64_t> counts_;  ///< No zero counts: equal totals, equal bytes.
};

/// Dossiers by how far they have come (domain.md 4.5).  Each counts in the stages behind its
/// present state, so the counts fall from `registered` to `recognized`: a returned dossier is only
/// registered until it comes back, a withdrawn one is not registered any more.
struct Counters {
  std::uint64_t opened{};         ///< All, drafts and withdrawn ones too.
  std::uint64_t registered{};     ///< Đăng ký
  std::uint64_t self_assessed{};  ///< Tự đánh giá
  std::uint64_t reviewed{};       ///< Bình xét
  std::uint64_t submitted{};      ///< Trình
  std::uint64_t appraised{};      ///< Thẩm định
  std::uint64_t recognized{};     ///< Đạt
  std::uint64_t not_recognized{};
  std::uint64_t withdrawn{};
  ScoreTotals totals;  ///< Of the self-assessed ones.

  Counters& operator+=(const Counters& other);
  bool operator==(const Counters&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(opened, registered, self_assessed, reviewed, submitted, appraised, recognized,
            not_recognized, withdrawn, totals);
  }
};

/// Score bands of the pilot's reports, in tenths (70–100, 50–69, below 50 points).
inline constexpr std::uint16_t upper_band_from = 700;
inline constexpr std::uint16_t middle_band_from = 500;

/// One cell of the statistics.
struct StatisticsKey {
  events::UnitId commune;
  events::TitleKind title{};
  events::CycleId cycle;
  events::GroupCode group{};

  auto operator<=>(const StatisticsKey&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(commune, title, cycle, group);
  }
};

/// Which cells to add up; what is not set, is not asked for.
struct StatisticsFilter {
  std::optional<events::UnitId> commune{};
  std::optional<events::TitleKind> title{};
  std::optional<events::CycleId> cycle{};
  std::optional<events::GroupCode> group{};

  bool matches(const StatisticsKey& key) const;
};

/// The title that collectives of this kind apply for.
events::TitleKind title_of(events::CollectiveKind kind);

/// Counts of dossiers by commune, title, cycle and group, kept up event by event.
/// Scope: the commune each dossier was opened in.
///
/// State: the counts, and where each was moved last.  A dossier that moves is taken out as it was
///        and counted in as it is.  Cells never fall empty, since nothing un-opens a dossier.
/// Cost:  O(log cells) an event of a dossier, nothing for others.
class Statistics {
 public:
  static constexpr const char* name = "statistics";
  static constexpr std::uint32_t revision = 2;

  /// What following all events of `state` one by one has counted.
  static Statistics of(const State& state);
  /// The dossiers of `state` counted where their homes lie on `day`, see rebased_home(): the key
  /// of each cell is that commune, or the unit under which nobody can allocate them.
  /// Cost:  of all dossiers; it follows no further event.
  static Statistics rebased(const State& state, events::Day day);

  /// Lifetime: `state` outlives the call; it has taken the event in already.
  void apply(const EffectiveEvent& effective, const State& state);
  void restrict_to(const events::ReaderScope& reader);

  /// The cell that the dossier is counted in.
  static StatisticsKey cell_of(const Dossier& dossier, const State& state);
  Counters sum(const StatisticsFilter& filter) const;
  /// Collectives of one kind whose dossiers of that cycle are registered.
  std::uint64_t registered_collectives(events::CollectiveKind kind, events::CycleId cycle) const;
  const std::map<StatisticsKey, Counters>& cells() const { return cells_; }

  /// Calls `take(position, key)` for each cell that was moved behind `after`, where and which: the
  /// oldest moves first.
  template <class Take>
  void for_each_moved(events::Position after, Take take) const {
    const events::Position first{after.value + 1};
    for (auto next = by_move_.lower_bound({first, {}}); next != by_move_.end(); ++next) {
      take(next->first, next->second);
    }
  }

  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{cells_.size()});
    for (const auto& [key, counters] : cells_) archive(key, moved_.at(key), counters);
  }
  template <class Archive>
  void load(Archive& archive) {
    *this = {};
    const std::size_t size = archive.read_length(~std::size_t{0});
    for (std::size_t index = 0; index < size; ++index) {
      StatisticsKey key;
      events::Position moved;
      archive(key, moved);
      archive(cells_[key]);
      note_move(key, moved);
    }
  }

 private:
  static void count_in(const Dossier& dossier, Counters& counters);
  static void take_out(const Dossier& dossier, Counters& counters);
  void note_move(const StatisticsKey& key, events::Position position);

  std::map<StatisticsKey, Counters> cells_;
  std::map<StatisticsKey, events::Position> moved_;
  std::set<std::pair<events::Position, StatisticsKey>> by_move_;  ///< Derived from `moved_`.
};

}  // namespace projections
