#pragma once

#include "events/base/calendar_end.h"
#include "events/base/time.h"

#include <cstdint>

namespace clients {

/// Two clocks that are at most so far apart may both mean the present.
inline constexpr std::uint64_t clocks_apart_max = events::milliseconds_per_day;
/// No lease is longer, whoever signed it.
inline constexpr std::uint64_t lease_max = 400 * events::milliseconds_per_day;

/// Whether two moments are at most a day apart.
constexpr bool are_close(events::Timestamp one, events::Timestamp other) {
  const std::uint64_t apart = one > other ? one.value - other.value : other.value - one.value;
  return apart <= clocks_apart_max;
}

/// Whether a server that says that it is `server_time` may be believed.  Not when that is long
/// before what the log's server has signed already, `known`, unless the device's own clock, `now`,
/// says the same: then it was the earlier time that was wrong, and the server was put right.
constexpr bool may_be_now(events::Timestamp server_time, events::Timestamp known,
                          events::Timestamp now) {
  if (!events::is_in_calendar(server_time)) return false;
  const bool goes_back = server_time.value + clocks_apart_max < known.value;
  return !goes_back || are_close(server_time, now);
}

}  // namespace clients
