#pragma once

#include "events/base/ids.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace events {

/// A moment: milliseconds since 1970-01-01T00:00Z.  Callers pass the time in; nothing here asks a
/// clock.
using Timestamp = Id<struct TimestampTag, std::uint64_t>;
/// A calendar day: days since 1970-01-01.  The business day is the day on the paper.  paper_day.h
/// says how the date of a paper from before 1970 is written.
using Day = Id<struct DayTag, std::uint32_t>;

inline constexpr std::uint64_t milliseconds_per_day = 86'400'000;
/// Viet Nam is UTC+7 the whole year.
inline constexpr std::uint64_t vietnam_offset_milliseconds = 7 * 3'600'000;

/// 9999-12-31.  An event with a later business day is malformed (calendar_end.h); in other fields a
/// later day is read as this one.
inline constexpr Day last_day{2'932'896};

/// The day of UTC at `moment`.
constexpr Day day_in_utc(Timestamp moment) {
  const std::uint64_t days = moment.value / milliseconds_per_day;
  return days < last_day.value ? Day{static_cast<std::uint32_t>(days)} : last_day;
}

/// The calendar day in Viet Nam at `moment`.
constexpr Day day_in_vietnam(Timestamp moment) {
  if (day_in_utc(moment) == last_day) return last_day;
  return day_in_utc(Timestamp{moment.value + vietnam_offset_milliseconds});
}

/// The moment at which `day` begins in Viet Nam; the epoch for the first day, which began before
/// it.
constexpr Timestamp midnight_in_vietnam(Day day) {
  const std::uint64_t utc = std::uint64_t{day.value} * milliseconds_per_day;
  return Timestamp{utc > vietnam_offset_milliseconds ? utc - vietnam_offset_milliseconds : 0};
}

struct CalendarDate {
  int year{};   ///< 1900–9999; before 1970 only on papers
  int month{};  ///< 1–12
  int day{};    ///< 1–31
  auto operator<=>(const CalendarDate&) const = default;
};

/// The date of `day`: 1970-01-01 to 9999-12-31, which is also the date of every later day; 1900 to
/// 1969 for a day that is_before_1970().
CalendarDate calendar_date(Day day);
/// Expects: a date that exists, from 1970-01-01 to 9999-12-31.
Day day_of(const CalendarDate& date);
/// The number of days of this month in the Gregorian calendar, 0 for a month outside 1–12.
int days_in_month(int year, int month);

/// "2020-11-05", the form of ISO 8601.
std::string to_iso(Day day);
/// "05/11/2020", as people in Viet Nam write it.
std::string to_vietnamese(Day day);
/// "2020-11-05T08:30:00.125Z".
std::string to_iso(Timestamp moment);
/// Reads "2020-11-05" or "05/11/2020", also without the zeros in front, from 1970 to 9999.  Returns
/// nothing for any other text and for a date that does not exist.
std::optional<Day> parse_day(std::string_view text);

/// A birth date as it stands in the papers: a year, perhaps a month, perhaps a day (domain.md 5.3).
/// A part that is not known is 0 and is never made up.
struct PartialDate {
  std::uint16_t year{};
  std::uint8_t month{};
  std::uint8_t day{};

  auto operator<=>(const PartialDate&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(CEREAL_NVP(year), CEREAL_NVP(month), CEREAL_NVP(day));
  }
};

/// Rule V02: the year is 1900 … `current_year`, a day has a month, and the date exists.
bool is_valid_birth_date(const PartialDate& date, int current_year);
/// "1990", "03/1990" or "12/03/1990".
std::string to_vietnamese(const PartialDate& date);
/// Reads the three forms that `to_vietnamese` writes, and "1990-03-12".  Returns nothing for any
/// other text; is_valid_birth_date() tells whether the date exists.
std::optional<PartialDate> parse_partial_date(std::string_view text);

}  // namespace events
