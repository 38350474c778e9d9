#include "events/base/time.h"

#include "events/base/check.h"
#include "events/base/paper_day.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <initializer_list>

namespace events {
namespace {

/// `pattern` with a number in place of each digit: as many digits, zeros before.  A page would load
/// the whole of printf for it.
std::string format(std::string_view pattern, std::initializer_list<std::int64_t> numbers) {
  std::string text;
  const std::int64_t* number = numbers.begin();
  for (const char letter : pattern) {
    if (letter < '1' || letter > '9') {
      text.push_back(letter);
      continue;
    }
    const std::string digits = std::to_string(*number++);
    const auto width = static_cast<std::size_t>(letter - '0');
    text.append(width - std::min(width, digits.size()), '0').append(digits);
  }
  return text;
}

/// Splits "a-b-c" at `separator` into at most three numbers; nothing when a part is no number of
/// at most four digits.
std::optional<std::array<int, 3>> split_numbers(std::string_view text, char separator,
                                                std::size_t& count) {
  constexpr std::size_t longest = 4;  // a year
  std::array<int, 3> numbers{};
  count = 0;
  while (true) {
    if (count == numbers.size()) return std::nullopt;
    const std::size_t end = text.find(separator);
    const std::string_view part = text.substr(0, end);
    const auto read = std::from_chars(part.data(), part.data() + part.size(), numbers[count]);
    const bool is_number = read.ec == std::errc{} && read.ptr == part.data() + part.size();
    if (part.size() > longest || !is_number || numbers[count] < 0) {
      return std::nullopt;
    }
    ++count;
    if (end == std::string_view::npos) return numbers;
    text.remove_prefix(end + 1);
  }
}

bool exists(int year, int month, int day) { return day >= 1 && day <= days_in_month(year, month); }

}  // namespace

CalendarDate calendar_date(Day day) {
  // std::chrono::year holds no year above 32,767.
  const std::int64_t known = std::min<std::int64_t>(days_since_1970(day), last_day.value);
  const std::chrono::year_month_day date{
      std::chrono::sys_days{std::chrono::days{static_cast<int>(known)}}};
  return {int{date.year()}, static_cast<int>(unsigned{date.month()}),
          static_cast<int>(unsigned{date.day()})};
}

Day day_of(const CalendarDate& date) {
  CHECK(date.year >= 1970 && date.year <= 9999 && exists(date.year, date.month, date.day),
        "callers pass real dates");
  const std::chrono::sys_days days{std::chrono::year{date.year} /
                                   std::chrono::month{static_cast<unsigned>(date.month)} /
                                   std::chrono::day{static_cast<unsigned>(date.day)}};
  return Day{static_cast<std::uint32_t>(days.time_since_epoch().count())};
}

int days_in_month(int year, int month) {
  if (month < 1 || month > 12) return 0;
  const std::chrono::year_month_day_last last{std::chrono::year{year} /
                                              std::chrono::month{static_cast<unsigned>(month)} /
                                              std::chrono::last};
  return static_cast<int>(unsigned{last.day()});
}

std::string to_iso(Day day) {
  const CalendarDate date = calendar_date(day);
  return format("4-2-2", {date.year, date.month, date.day});
}

std::string to_vietnamese(Day day) {
  const CalendarDate date = calendar_date(day);
  return format("2/2/4", {date.day, date.month, date.year});
}

std::string to_iso(Timestamp moment) {
  const std::uint64_t within = moment.value % milliseconds_per_day;
  return to_iso(day_in_utc(moment)) +
         format("T2:2:2.3Z", {static_cast<std::int64_t>(within / 3'600'000),
                              static_cast<std::int64_t>(within / 60'000 % 60),
                              static_cast<std::int64_t>(within / 1'000 % 60),
                              static_cast<std::int64_t>(within % 1'000)});
}

std::optional<Day> parse_day(std::string_view text) {
  std::size_t count = 0;
  if (auto iso = split_numbers(text, '-', count); iso && count == 3) {
    const auto [year, month, day] = *iso;
    if (year < 1970 || year > 9999 || !exists(year, month, day)) return std::nullopt;
    return day_of({year, month, day});
  }
  if (auto local = split_numbers(text, '/', count); local && count == 3) {
    const auto [day, month, year] = *local;
    if (year < 1970 || year > 9999 || !exists(year, month, day)) return std::nullopt;
    return day_of({year, month, day});
  }
  return std::nullopt;
}

bool is_valid_birth_date(const PartialDate& date, int current_year) {
  if (date.year < 1900 || date.year > current_year) return false;
  if (date.month == 0) return date.day == 0;
  if (date.month > 12) return false;
  return date.day == 0 || exists(date.year, date.month, date.day);
}

std::string to_vietnamese(const PartialDate& date) {
  if (date.day != 0) return format("2/2/4", {date.day, date.month, date.year});
  if (date.month != 0) return format("2/4", {date.month, date.year});
  return format("4", {date.year});
}

std::optional<PartialDate> parse_partial_date(std::string_view text) {
  std::size_t count = 0;
  std::array<int, 3> parts{};  // year, month, day
  if (auto iso = split_numbers(text, '-', count); iso && count == 3) {
    parts = *iso;
  } else if (auto local = split_numbers(text, '/', count); local) {
    for (std::size_t index = 0; index < count; ++index) parts[count - 1 - index] = (*local)[index];
  } else {
    return std::nullopt;
  }
  if (parts[0] > 9999 || parts[1] > 12 || parts[2] > 31) return std::nullopt;
  return PartialDate{static_cast<std::uint16_t>(parts[0]), static_cast<std::uint8_t>(parts[1]),
                     static_cast<std::uint8_t>(parts[2])};
}

}  // namespace events
