#pragma once

#include "clients/core/acts/score_sheets.h"
#include "projections/state/state.h"

#include <functional>
#include <string>
#include <vector>

namespace clients {

/// What an act needs of a dossier.
struct BulkStep {
  /// The act can be done.
  std::function<bool(const projections::Dossier&)> is_ready;
  /// It stands where the act would be next; when it is not ready, something else is in the way.
  std::function<bool(const projections::Dossier&)> is_there;
};

/// A dossier that an act on all leaves out.
struct LeftOut {
  events::DossierId id;
  std::string why;  ///< "C2 4,5 < 5"
};

/// The dossiers that an act is about, and the others of the same choice.
struct ChosenDossiers {
  std::vector<events::DossierId> ids;                     ///< Ascending, each once.
  std::vector<LeftOut> left_out;                          ///< At the same step, but not ready.
  std::map<events::DossierState, std::size_t> elsewhere;  ///< How many stand at which other step.

  /// Somebody has to look at the list before the act is recorded.
  bool is_bulk = false;
};

/// Sorts the dossiers of a round and a unit, either of which may be none for all, by what `step`
/// says of them.
/// `units`: of `state`, on the day of the act.
/// `sheets`: to say which score keeps one out; may be empty.
ChosenDossiers choose_all(const projections::State& state, const projections::UnitsOnDay& units,
                          events::CycleId cycle, events::UnitId unit, const BulkStep& step,
                          const ScoreSheets& sheets);

/// The sheet of a dossier; empty when it is not on this device.
std::span<const std::uint16_t> sheet_in(const ScoreSheets& sheets, events::DossierId dossier);

/// "bỏ qua 2: 7.84 (C2 4,5 < 5), 7.102 (79 < 80)" and "chưa tới bước này: 3 đã tiếp nhận đăng ký";
/// at most `named_max` by their ids.  One line each, without a full stop; nothing to say, no line.
std::vector<std::string> left_out_vi(const ChosenDossiers& chosen, std::size_t named_max);

}  // namespace clients
