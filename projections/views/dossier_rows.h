#pragma once

#include "projections/state/state.h"
#include "projections/views/row_page.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace projections {

/// What the current score sheet of a dossier comes to.
enum class SheetOutcome : std::uint8_t { none = 0, passes = 1, does_not_pass = 2 };

/// A score that is below what each indicator needs.
struct LowScore {
  std::string code;  ///< Of the indicator: "C2".
  std::uint16_t score_tenths{};
  bool operator==(const LowScore&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(32, code), CEREAL_NVP(score_tenths));
  }
};

/// A dossier in a list.
struct DossierRow {
  events::DossierId id;
  events::SubjectRef subject;
  std::string subject_name;  ///< Empty where it is not known.
  events::CycleId cycle;
  std::string cycle_label;  ///< Empty where the cycle is not known.
  events::GroupCode group{};
  events::UnitId home_unit;
  std::string unit_name;
  events::DossierState state{};  ///< As standing_of() says.
  std::uint16_t evidence_count{};

  SheetOutcome outcome{};
  std::uint16_t total_tenths{};         ///< 0 without a sheet.
  std::uint16_t total_needed_tenths{};  ///< 0 where no rule asks for it.
  std::uint16_t floor_needed_tenths{};  ///< Of each indicator; 0 where no rule asks for it.
  std::vector<LowScore> low_scores;     ///< As far as the sheet is here.

  bool operator==(const DossierRow&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(id), CEREAL_NVP(subject), BOUNDED_NVP(400, subject_name), CEREAL_NVP(cycle),
            BOUNDED_NVP(128, cycle_label), CEREAL_NVP(group), CEREAL_NVP(home_unit),
            BOUNDED_NVP(1024, unit_name), CEREAL_NVP(state), CEREAL_NVP(evidence_count),
            CEREAL_NVP(outcome), CEREAL_NVP(total_tenths), CEREAL_NVP(total_needed_tenths),
            CEREAL_NVP(floor_needed_tenths), BOUNDED_NVP(32, low_scores));
  }
};

/// Which dossiers; what is not said leaves none out.
struct DossierFilter {
  events::CycleId cycle;
  events::UnitId unit;  ///< And below, on the day of the request.
  std::optional<events::DossierState> state;
  std::optional<events::GroupCode> group;
  /// A part of the name, without regard to capitals and marks.  Leaves out names that are not
  /// known.
  std::string name_part;
};

/// `opened`: as they were opened; `name`: by the last word of the name, then the whole, without
/// marks; `points`: the most first.  Equal ones as they were opened.
enum class DossierOrder : std::uint8_t { opened = 1, name = 2, points = 3 };

/// The place of a row in its order.  It means nothing in another order.
struct DossierCursor {
  std::string text;
  std::uint64_t number{};
  std::uint64_t opened{};
  // The type is named, not `auto`: the browser's standard library lacks <=> for std::string.
  std::strong_ordering operator<=>(const DossierCursor&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(1024, text), CEREAL_NVP(number), CEREAL_NVP(opened));
  }
};

/// What of the rows is wanted.
struct DossierPageRequest {
  events::Day day;  ///< On which units lie below each other and have their names.
  DossierFilter filter;
  DossierOrder order = DossierOrder::opened;
  std::optional<DossierCursor> after;  ///< From the page before.
  std::size_t rows_max = view_rows_max;
};

/// The current score sheet of a dossier, in tenths; empty where it is not here.
using SheetOf = std::function<std::span<const std::uint16_t>(events::DossierId)>;

/// A page of the dossiers of a state, with what their score sheets come to.
/// `sheet_of`: may be empty; then no low scores are told.
/// Cost: looks at every dossier; asks for the names of those that the filter leaves where it or
///       the order needs names, and of the page.
RowPage<DossierRow, DossierCursor> dossier_rows(const State& state,
                                                const DossierPageRequest& request,
                                                const NameOf& name_of, const SheetOf& sheet_of);

}  // namespace projections
