#pragma once

#include "events/base/time.h"

namespace events {

/// 9999-12-31T17:00Z, when the year 9999 ends in Viet Nam.  No clock that means anything is there:
/// an event recorded then or later, or dated after `last_day`, is malformed in every codec, and so
/// is a block received then.  Otherwise each reader would count days beyond its calendar in a way
/// of its own. Format:  docs/log_format.md.
inline constexpr Timestamp calendar_end{253'402'275'600'000};

constexpr bool is_in_calendar(Timestamp moment) { return moment < calendar_end; }
constexpr bool is_in_calendar(Day day) { return day <= last_day; }

static_assert(day_in_vietnam(Timestamp{calendar_end.value - 1}) == last_day);
static_assert(day_in_vietnam(Timestamp{calendar_end.value - milliseconds_per_day - 1}) < last_day);

}  // namespace events
