#pragma once

#include "events/event.h"
#include "events/intake.h"
#include "events/private_store.h"
#include "events/result.h"
#include "server/commit/pushed_run.h"

#include <vector>

namespace server {

/// Below this the clock sample's own error is a network delay; above it nobody knows when the
/// clock was moved, and the error is as great as the offset.
inline constexpr std::int64_t trusted_offset_seconds = 300;
inline constexpr std::uint32_t sample_error_seconds = 2;

/// The clock sample of a push: device clock − server clock, and what it may be off.
events::Intake intake_of_clock(events::Timestamp device_time, events::Timestamp received_at);

/// What the judge may use of each event from `run.events[first]` on: the clock sample of the push,
/// and what was found in the private record that the event names.
/// Errors: private_missing: a record is neither in the run nor in `store`.
///         storage_failed, storage_corrupt.
events::Result<std::vector<events::Intake>> intake_of(const PushedRun& run, std::size_t first,
                                                      const events::PrivateStore& store,
                                                      events::Timestamp received_at);

}  // namespace server
