#pragma once

#include "clients/core/replica/workspace.h"

#include <cstdint>
#include <optional>
#include <span>

namespace clients::acts {

/// What a device knows that may keep an act from being recorded, beside the judge.
struct RecordingLimits {
  /// By how much the device's clock is behind its last contact with the server, below 0; nothing
  /// when it is not.
  std::optional<std::int64_t> seconds_behind;
  bool without_role = false;  ///< Record also what will be held because the actor has no role.
};

/// Records events that belong together, all or none, unless the clock, a date in the future (V03)
/// or a missing role forbids it: then nothing is stored, and the verdict says why.
/// Errors:  as Workspace::record_together.
events::Result<RecordedTogether> record(Workspace& workspace,
                                        std::span<const RecordRequest> requests,
                                        const RecordingLimits& limits, events::Timestamp now);
/// What record() would answer; nothing is stored.
events::Result<RecordedTogether> judge(Workspace& workspace,
                                       std::span<const RecordRequest> requests,
                                       const RecordingLimits& limits, events::Timestamp now);

}  // namespace clients::acts
