#pragma once

#include "events/log/event.h"
#include "projections/state/dossiers.h"
#include "projections/state/rulebook.h"

#include <string>

namespace projections {

/// What an event says beyond its kind: the sheet, the votes, the outcome, the reasons; often empty.
/// `dossier`: the one whose history is told; null when it is not known.
std::string content_vi(const events::Payload& payload, const Dossier* dossier,
                       const Rulebook& rulebook);

}  // namespace projections
