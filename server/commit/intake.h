#pragma once

#include "events/base/result.h"
#include "events/log/event.h"
#include "events/log/intake.h"
#include "events/log/private_store.h"
#include "server/commit/pushed_run.h"

#include <vector>

namespace server {

/// Below this the clock sample's own error is a network delay; above it nobody knows when the
/// clock was moved, and the error is as great as the offset.
inline constexpr std::int64_t trusted_offset_seconds = 300;
inline constexpr std::uint32_t sample_error_seconds = 2;
/// A clock nobody corrects may gain or lose a second in so many: 2.4 minutes a day, the worst of
/// old laptops.
inline constexpr std::int64_t drift_divisor = 600;

/// The clock sample of a push: device clock − server clock, and what it may be off.
events::Intake intake_of_clock(events::Timestamp device_time, events::Timestamp received_at);

/// The same for a run that was on the way by bundle.  `device_time` is the device's clock when it
/// left.  Its clock ran on from its last contact as every clock does, so the offset is that of the
/// contact, and what it may be off grows with the time since.  Without a contact, nobody knows how
/// long it was on the way: the clock may be right, and the error is the whole transit.
events::Intake intake_of_transit(events::Timestamp device_time, const BundleTransit& transit);

/// What the judge may use of each event from `run.events[first]` on: the clock sample of the push,
/// and what was found in the private record that the event names.
/// Errors: private_missing: a record is neither in the run nor in `store`, and the event was never
///         promised before.
///         storage_failed, storage_corrupt.
events::Result<std::vector<events::Intake>> intake_of(const PushedRun& run, std::size_t first,
                                                      const events::PrivateStore& store,
                                                      events::Timestamp received_at);

}  // namespace server
