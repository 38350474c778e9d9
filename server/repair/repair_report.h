#pragma once

#include "events/log/event_log.h"
#include "server/commit/pipeline.h"
#include "server/commit/ports.h"
#include "server/repair/staged_blocks.h"

namespace server {

/// Ranges in a report.
inline constexpr std::size_t missing_ranges_max = 32;

RepairReport report_of(const Pipeline& pipeline, const StagedBlocks& staged,
                       const events::LogHead& restored);

}  // namespace server
