#include "clients/core/acts/bulk_preview.h"

#include "events/base/ranges.h"
#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

#include <algorithm>

namespace clients {

using events::DossierState;
using projections::Dossier;

namespace {

/// States that no act on all is waiting for any more.
bool is_over(const Dossier& dossier) {
  return dossier.state == DossierState::recognized || dossier.state == DossierState::withdrawn ||
         dossier.state == DossierState::not_recognized;
}

/// What is in the way of a dossier that stands at the step.
std::string why_left_out(const Dossier& dossier, const projections::State& state,
                         const ScoreSheets& sheets) {
  if (dossier.state == DossierState::reviewed) {
    return std::string(projections::name_vi(dossier.conclusion));
  }
  const std::span<const std::uint16_t> sheet = sheet_in(sheets, dossier.id);
  std::string missed = projections::missed_vi(dossier, state.rulebook(), sheet);
  if (!missed.empty()) return missed;
  std::string result = projections::sheet_result_vi(dossier, state.rulebook(), sheet);
  if (!result.empty()) return result;
  return std::string(projections::name_vi(dossier.state));
}

}  // namespace

ChosenDossiers choose_all(const projections::State& state, const projections::UnitsOnDay& units,
                          events::CycleId cycle, events::UnitId unit, const BulkStep& step,
                          const ScoreSheets& sheets) {
  ChosenDossiers chosen;
  chosen.is_bulk = true;
  for (const Dossier& dossier : state.dossiers().all()) {
    const bool is_meant =
        (cycle.is_none() || dossier.cycle == cycle) && units.lies_in(dossier.home_unit, unit);
    if (!is_meant) continue;
    if (step.is_ready(dossier)) {
      chosen.ids.push_back(dossier.id);
    } else if (step.is_there(dossier)) {
      chosen.left_out.push_back({dossier.id, why_left_out(dossier, state, sheets)});
    } else if (!is_over(dossier)) {
      ++chosen.elsewhere[dossier.state];
    }
  }
  events::ranges::sort(chosen.ids);
  events::ranges::sort(chosen.left_out, {}, &LeftOut::id);
  return chosen;
}

std::span<const std::uint16_t> sheet_in(const ScoreSheets& sheets, events::DossierId dossier) {
  const auto found = sheets.find(dossier);
  if (found == sheets.end()) return {};
  return found->second;
}

std::vector<std::string> left_out_vi(const ChosenDossiers& chosen, std::size_t named_max) {
  std::vector<std::string> lines;
  if (!chosen.left_out.empty()) {
    std::string line = "bỏ qua " + std::to_string(chosen.left_out.size()) + ": ";
    const std::size_t named = std::min(named_max, chosen.left_out.size());
    for (std::size_t index = 0; index < named; ++index) {
      const LeftOut& row = chosen.left_out[index];
      line += (index == 0 ? "" : ", ") + to_string(row.id) + " (" + row.why + ")";
    }
    if (named < chosen.left_out.size()) {
      line += " và " + std::to_string(chosen.left_out.size() - named) + " hồ sơ nữa";
    }
    lines.push_back(std::move(line));
  }
  if (!chosen.elsewhere.empty()) {
    std::string line = "ở bước khác: ";
    bool first = true;
    for (const auto& [state, count] : chosen.elsewhere) {
      line += (first ? "" : ", ") + std::to_string(count) + " hồ sơ " +
              std::string(projections::name_vi(state));
      first = false;
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace clients
