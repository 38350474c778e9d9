#include "clients/cli/unit_file.h"

#include "clients/cli/csv.h"
#include "clients/cli/output/output.h"
#include "clients/cli/output/words.h"
#include "events/base/paper_day.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace clients {

using events::Result;

namespace {

constexpr std::string_view heading = "code,name,kind,parent_code,area,valid_from";
constexpr std::size_t field_count = 6;

/// Errors: invalid_argument: not the digits that a code of the kind has.
Result<void> check_code(const std::string& code, events::UnitKind kind) {
  const std::size_t digits = code_digits_of(kind);
  const bool is_number =
      std::ranges::all_of(code, [](char letter) { return letter >= '0' && letter <= '9'; });
  if (digits == 0 || code.starts_with('-')) return {};
  if (is_number && code.size() == digits) return {};
  if (is_number && code.size() < digits) {
    return usage_error(
        fmt::format("mã {} thiếu chữ số: mã đơn vị loại này có {} chữ số; có phải {}?", code,
                    digits, std::string(digits - code.size(), '0') + code));
  }
  return usage_error(fmt::format("mã {} phải gồm đúng {} chữ số", code, digits));
}

/// `column`: becomes the one that was being read when something was wrong.
/// Errors: invalid_argument, with what is wrong.
Result<UnitLine> read_line(std::size_t number, std::vector<std::string> fields,
                           std::string_view& column) {
  if (fields.size() != field_count) return usage_error("phải có đúng sáu cột");
  UnitLine line;
  line.number = number;
  line.code = std::move(fields[0]);
  line.name = std::move(fields[1]);
  line.parent_code = std::move(fields[3]);
  column = "code";
  if (line.code.empty()) return usage_error("thiếu mã");
  if (line.code.size() > 16) return usage_error("mã dài quá 16 ký tự");
  column = "name";
  if (line.name.empty()) return usage_error("thiếu tên");
  if (line.name.size() > 200) return usage_error("tên dài quá 200 byte");
  column = "kind";
  const Result<events::UnitKind> kind = parse_word<events::UnitKind>(fields[2]);
  if (!kind) return kind.error();
  column = "code";
  if (Result<void> fits = check_code(line.code, *kind); !fits) return fits.error();
  column = "area";
  const Result<events::AreaType> area =
      parse_word<events::AreaType>(fields[4].empty() ? "unknown" : fields[4]);
  if (!area) return area.error();
  column = "valid_from";
  const std::optional<events::Day> day = events::parse_paper_day(fields[5]);
  if (!day) return usage_error("ngày phải viết 2025-07-01 hoặc 01/07/2025, từ năm 1900 trở đi");
  line.kind = *kind;
  line.area = *area;
  line.is_from_beginning = events::is_before_1970(*day);
  if (!line.is_from_beginning) line.valid_from = *day;
  return line;
}

}  // namespace

std::size_t code_digits_of(events::UnitKind kind) {
  using enum events::UnitKind;
  switch (kind) {
    case province:
    case city_central:
      return 2;
    case district:
    case urban_district:
    case town_district:
    case city_provincial:
      return 3;
    case commune:
    case ward:
    case township:
    case special_zone:
      return 5;
    case central:
    case hamlet:
    case holding:
      return 0;
  }
  return 0;
}

Result<UnitFile> read_unit_file(std::string_view content) {
  UnitFile file;
  const Result<void> read = read_csv(
      content, heading, [&](std::size_t number, const Result<std::vector<std::string>>& fields) {
        if (!fields) return file.bad.push_back({number, {}, fields.error().message});
        std::string_view column;
        Result<UnitLine> line = read_line(number, *fields, column);
        if (!line) return file.bad.push_back({number, column, line.error().message});
        file.lines.push_back(std::move(*line));
      });
  if (!read) return read.error();
  return file;
}

}  // namespace clients
