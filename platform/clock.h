#pragma once

#include "events/base/time.h"

#include <cstdint>

/// The clocks of this machine.  What is pure is given their readings.
///
/// Thread: any.
namespace platform {

/// The clock that people set: it may jump, in both directions.
events::Timestamp now();
/// Milliseconds of a clock that is never set.  They count from an arbitrary moment.
std::uint64_t steady_milliseconds();

}  // namespace platform
