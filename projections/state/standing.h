#pragma once

#include "projections/state/dossiers.h"
#include "projections/state/rulebook.h"

namespace projections {

/// How a dossier stands: the state in which its last step left it, or what passing time made of it.
/// It is `lapsed` when the phase of its next step is closed and its cycle takes no late acts (T29),
/// until a late act takes effect by the decision of a person (T30).  It is `expired` when it has
/// the title and the validity of the cycle's titles is over (T26).
///
/// Figures count steps and grants, which never lapse or expire.
events::DossierState standing_of(const Dossier& dossier, const Rulebook& rulebook);

}  // namespace projections
