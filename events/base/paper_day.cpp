#include "events/base/paper_day.h"

#include <chrono>

namespace events {

std::optional<Day> parse_paper_day(std::string_view text) {
  if (const std::optional<Day> day = parse_day(text)) return day;
  const std::optional<PartialDate> date = parse_partial_date(text);
  if (!date || date->day == 0 || !is_valid_birth_date(*date, 1969)) return std::nullopt;
  const std::chrono::sys_days days{std::chrono::year{date->year} / std::chrono::month{date->month} /
                                   std::chrono::day{date->day}};
  return Day{static_cast<std::uint32_t>(days.time_since_epoch().count())};
}

}  // namespace events
