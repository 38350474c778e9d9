#include "projections/state/standing.h"

#include <optional>

namespace projections {

using events::CyclePhase;
using events::DossierState;

namespace {

/// The phase of the next step that has one; nothing when there is no further step.
std::optional<CyclePhase> next_phase(const Dossier& dossier, DossierState state) {
  switch (state) {
    case DossierState::draft:
      return CyclePhase::registration;
    case DossierState::registered:
    case DossierState::accepted:
      return CyclePhase::self_assessment;
    case DossierState::self_assessed:
      return CyclePhase::review;
    case DossierState::reviewed:
      // What was not proposed is only refused.
      return dossier.conclusion == events::ReviewConclusion::not_proposed ? CyclePhase::decision
                                                                          : CyclePhase::appraisal;
    case DossierState::submitted:
      return CyclePhase::appraisal;
    case DossierState::appraised:
      return CyclePhase::decision;
    case DossierState::none:
    case DossierState::recognized:
    case DossierState::not_recognized:
    case DossierState::returned:
    case DossierState::expired:
    case DossierState::withdrawn:
    case DossierState::lapsed:
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

DossierState standing_of(const Dossier& dossier, const Rulebook& rulebook) {
  const Cycle* const cycle = rulebook.find(dossier.cycle);
  if (cycle == nullptr) return dossier.state;
  if (dossier.state == DossierState::recognized) {
    const bool is_over = cycle->is_closed(CyclePhase::validity);
    return is_over ? DossierState::expired : DossierState::recognized;
  }
  if (cycle->content.late_policy == events::LatePolicy::accept_flagged) return dossier.state;
  const bool is_back = dossier.state == DossierState::returned;
  const std::optional<CyclePhase> phase =
      next_phase(dossier, is_back ? dossier.return_to : dossier.state);
  return phase && cycle->is_closed(*phase) ? DossierState::lapsed : dossier.state;
}

}  // namespace projections
