#include "events/log/private_content.h"

#include "events/log/intake.h"

#include <variant>

namespace events {
namespace {

bool is_after(const PartialDate& birth, const CalendarDate& today) {
  if (birth.year != today.year) return birth.year > today.year;
  if (birth.month == 0 || birth.month != today.month) return birth.month > today.month;
  return birth.day > today.day;
}

}  // namespace

std::uint8_t check_private_content(EventType type, const PrivateRecord& record, Day today) {
  const CalendarDate date = calendar_date(today);
  const std::uint8_t found = check_private_content(type, record, date.year);
  const Result<PrivateFields> fields = read_private_record(record);
  const auto* const person = fields ? std::get_if<PersonRecord>(&*fields) : nullptr;
  const bool is_unborn = person != nullptr && is_after(person->birth, date);
  return is_unborn ? static_cast<std::uint8_t>(found | content_birth_invalid) : found;
}

}  // namespace events
