#pragma once

#include "events/log/event_log.h"
#include "projections/verification/block_verifier.h"

#include <span>

namespace verification {

/// Verifies every block of a log and adds the outcome to `report`.  Blocks that cannot be read are
/// problems in it.  `checkpoints` are compared with the fold where it comes to their positions.
void verify_log(const events::EventLog& log, std::span<const CheckpointDigest> checkpoints,
                Report& report, const Progress& progress = nullptr);

}  // namespace verification
