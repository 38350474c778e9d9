#pragma once

#include "events/base/time.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace events {

/// 1900-01-01, the oldest date of a paper that is kept.
///
/// A Day counts from 1970.  Dates of papers (`document_day`) may lie before: the 32 bits are then
/// read as a negative number of days, which no other day needs, since the calendar ends at
/// `last_day`.  0 stays "none": a paper of 1970-01-01 has no date here.
/// Format:  docs/log_format.md.
inline constexpr Day first_paper_day{static_cast<std::uint32_t>(-25'567)};

/// Whether the day of a paper lies in the years 1900 to 1969.
constexpr bool is_before_1970(Day day) { return day >= first_paper_day; }
/// Days since 1970-01-01, negative before.
constexpr std::int64_t days_since_1970(Day day) {
  return is_before_1970(day) ? static_cast<std::int32_t>(day.value)
                             : static_cast<std::int64_t>(day.value);
}

/// Reads what parse_day() reads, from the year 1900 on.  Nothing for anything else.
std::optional<Day> parse_paper_day(std::string_view text);

}  // namespace events
