#pragma once

#include "events/base/bounded.h"
#include "events/log/event_log.h"
#include "projections/state/state.h"
#include "projections/views/statistics.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace projections {

/// Folds what figures are counted from: the state, and the statistics that follow it.  Figures at
/// an earlier position are those of a fold that ends there; lists and figures of one fold agree.
///
/// Thread: one at a time.
class TotalsFold {
 public:
  TotalsFold() = default;
  /// Goes on from a state that was folded before, for example from a device's snapshot.
  explicit TotalsFold(State start);

  /// Takes the next stored event in.  `scope` is the scope set of its block.
  /// Expects: the position is greater than `state().applied()`.
  void take(const events::StoredEvent& stored, const events::ScopeSet& scope);
  /// Nothing of this reader is missing up to `position`.
  void advance(events::Position position) { state_.advance(position); }

  const State& state() const { return state_; }
  const Statistics& statistics() const { return statistics_; }

 private:
  State state_;
  Statistics statistics_;
};

/// A share of a whole that says what the whole is.  There is no percentage without it.
/// Lifetime: the words are constants of the program.
struct Share {
  std::uint64_t num{};
  std::uint64_t den{};
  std::string_view den_kind;  ///< What `den` counts: "registered_dossiers", …
  /// Which unit a dossier counts in: "commune_of_opening"; of rebased figures "commune_of_home", or
  /// "not_allocated".
  std::string_view unit_basis;
  events::Position as_of_seq;  ///< The position of the log that both were counted at.

  bool operator==(const Share&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(num), CEREAL_NVP(den), CEREAL_NVP(den_kind), CEREAL_NVP(unit_basis),
            CEREAL_NVP(as_of_seq));
  }
};

/// Numbers of dossiers, and how far they have come.  The counts fall from `registered` to
/// `recognized`, see Counters.
struct TotalsFigures {
  std::uint64_t opened{};
  std::uint64_t registered{};
  std::uint64_t self_assessed{};
  std::uint64_t reviewed{};
  std::uint64_t submitted{};
  std::uint64_t appraised{};
  std::uint64_t recognized{};
  std::uint64_t not_recognized{};
  std::uint64_t withdrawn{};
  Share recognized_of_registered;
  Share self_assessed_of_registered;

  bool operator==(const TotalsFigures&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(opened), CEREAL_NVP(registered), CEREAL_NVP(self_assessed),
            CEREAL_NVP(reviewed), CEREAL_NVP(submitted), CEREAL_NVP(appraised),
            CEREAL_NVP(recognized), CEREAL_NVP(not_recognized), CEREAL_NVP(withdrawn),
            CEREAL_NVP(recognized_of_registered), CEREAL_NVP(self_assessed_of_registered));
  }
};

/// The figures of one commune, title, cycle and group.
struct TotalsRow {
  StatisticsKey key;
  TotalsFigures figures;

  bool operator==(const TotalsRow&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(cereal::make_nvp("commune", key.commune), cereal::make_nvp("title", key.title),
            cereal::make_nvp("cycle", key.cycle), cereal::make_nvp("group", key.group),
            CEREAL_NVP(figures));
  }
};

/// Which figures a reader asks for, among those that the reader may see.
struct TotalsFilter {
  events::ReaderScope scope;  ///< What the reader may see.
  events::UnitId unit;        ///< This unit and below; none: all of `scope`.
  events::Day day{};          ///< On which the units lie below each other.
  std::optional<events::CycleId> cycle{};
  std::optional<events::TitleKind> title{};
  std::optional<events::GroupCode> group{};
};

/// The figures of a unit at one position of the log.
struct TotalsView {
  events::Position position;
  TotalsFigures sum;
  /// What of the sum stands under units that have ended, or only hold hamlets; with rebased
  /// figures only.
  std::optional<TotalsFigures> unallocated;
  std::vector<TotalsRow> rows;  ///< Ascending by key; communes without dossiers have none.
};

/// Counts what `filter` asks for, at the position of `state`: each dossier where it was opened.
/// Expects: `statistics` followed `state`.
TotalsView totals_of(const State& state, const Statistics& statistics, const TotalsFilter& filter);

/// The same with each dossier where its home lies on the day of `filter`, see rebased_home().
/// Cost:  of all dossiers.
TotalsView rebased_totals_of(const State& state, const TotalsFilter& filter);

struct TotalsPage {
  std::vector<TotalsRow> rows;
  std::optional<StatisticsKey> next;  ///< The cursor: the last row; nothing: there are no more.
};

/// At most `limit` rows behind `after`.
/// Expects: `limit` is at least 1.
TotalsPage page_of(const TotalsView& view, const std::optional<StatisticsKey>& after,
                   std::size_t limit);

}  // namespace projections
