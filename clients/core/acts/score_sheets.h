#pragma once

#include "clients/core/replica/replica.h"

#include <cstdint>
#include <map>
#include <vector>

namespace clients {

/// The current score sheet of each dossier, in tenths, as far as its event is on this device: one
/// that goes on from a snapshot may lack it.
using ScoreSheets = std::map<events::DossierId, std::vector<std::uint16_t>>;

/// Of the pending state.
/// Cost: reads all events that are here.
/// Errors:  as Replica::replay.
events::Result<ScoreSheets> current_sheets(const Replica& replica);

}  // namespace clients
