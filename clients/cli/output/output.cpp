#include "clients/cli/output/output.h"

#include "clients/cli/output/table.h"
#include "clients/cli/output/terminal.h"
#include "clients/cli/output/words.h"
#include "clients/device/disk_error.h"
#include "events/text/display_width.h"
#include "projections/texts/texts.h"

#include <boost/json/serialize.hpp>
#include <fmt/core.h>

#include <algorithm>

namespace clients {

namespace json = boost::json;
using events::ErrorCode;

int exit_code_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument:
    case ErrorCode::not_found:
    case ErrorCode::not_enrolled:
    case ErrorCode::too_large:
    case ErrorCode::enrolment_refused:
      return exit_usage;
    case ErrorCode::revoked:
    case ErrorCode::not_permitted:
    case ErrorCode::fork:
    case ErrorCode::bad_signature:
    case ErrorCode::locked:
    case ErrorCode::quota:
      return exit_refused;
    case ErrorCode::device_storage:
    case ErrorCode::device_denied:
    case ErrorCode::storage_corrupt:
    case ErrorCode::storage_rolled_back:
      return exit_storage;
    case ErrorCode::busy:
      return exit_busy;
    default:
      return exit_network;
  }
}

namespace {

/// Lines that people read, each wrapped between words where it is wider than `columns`; what goes
/// on stands a little further to the right.  A line that is rewritten in place stays as it is.
std::string fitted(std::string_view text, std::size_t columns) {
  if (text.find('\r') != std::string_view::npos) return std::string(text);
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    if (events::display_width(line) <= columns || begin + 2 >= columns / 2) {
      result += line;
    } else {
      std::string_view before;
      for (const std::string& part : wrap_text(line.substr(begin), columns - begin, 2)) {
        result.append(before).append(begin, ' ').append(part);
        before = "\n";
      }
    }
    if (end < text.size()) result += '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return result;
}

}  // namespace

void print_formatted(std::ostream& target, fmt::string_view format, fmt::format_args arguments) {
  const std::string text = fmt::vformat(format, arguments);
  const std::optional<std::size_t> columns = output_columns();
  target << (columns ? fitted(text, *columns) : text);
}

events::Error usage_error(std::string what) {
  return events::Error{ErrorCode::invalid_argument, std::move(what)};
}

bool is_for_people(const events::Error& error) {
  const auto is_letter_of_vietnamese = [](char byte) { return static_cast<signed char>(byte) < 0; };
  const char first = error.message.empty() ? 'a' : error.message.front();
  const bool begins_as_detail = (first >= 'a' && first <= 'z') || first == '/';
  return !begins_as_detail && std::ranges::any_of(error.message, is_letter_of_vietnamese);
}

void print_error(std::ostream& target, const events::Error& error, std::string_view advice) {
  if (is_for_people(error)) {
    print(target, "Lỗi: {} [{}]\n", error.message, events::name_of(error.code));
    return;
  }
  std::string of_disk;
  if (advice.empty() && error.code == ErrorCode::device_storage) {
    advice = of_disk = disk_advice_vi(error, DiskWork::recording);
  }
  if (advice.empty()) advice = projections::advice_vi(error.code);
  print(target, "Lỗi: {} [{}: {}]\n", advice, events::name_of(error.code), error.message);
}

namespace {

std::string text_of(const json::value& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return std::string(value.as_string());
  if (value.is_bool()) return value.as_bool() ? "có" : "không";
  return json::serialize(value);
}

// Keys of a named cell.
constexpr const char* word_key = "word";
constexpr const char* name_key = "name_vi";

const json::value& for_people(const json::value& cell) {
  return cell.is_object() ? cell.as_object().at(name_key) : cell;
}

const json::value& for_programs(const json::value& cell) {
  return cell.is_object() ? cell.as_object().at(word_key) : cell;
}

}  // namespace

json::value named_cell(std::string_view word, std::string_view name_vi) {
  return json::object{{word_key, word}, {name_key, name_vi}};
}

json::value object_cell(json::object object, std::string_view name_vi) {
  return json::object{{word_key, std::move(object)}, {name_key, name_vi}};
}

json::value cell_without_word(std::string_view name_vi) {
  return json::object{{word_key, nullptr}, {name_key, name_vi}};
}

json::value day_cell(events::Day day) {
  if (day.value == 0) return nullptr;
  return named_cell(events::to_iso(day), events::to_vietnamese(day));
}

json::value birth_cell(const events::PartialDate& birth) {
  if (birth.year == 0) return nullptr;
  std::string word = fmt::format("{:04}", birth.year);
  if (birth.month != 0) word += fmt::format("-{:02}", birth.month);
  if (birth.day != 0) word += fmt::format("-{:02}", birth.day);
  return named_cell(word, events::to_vietnamese(birth));
}

json::value moment_cell(events::Timestamp moment) {
  if (moment.value == 0) return nullptr;
  return named_cell(events::to_iso(moment), moment_vi(moment));
}

void print_table(std::ostream& target, const Listing& listing) {
  std::vector<std::vector<std::string>> lines;
  std::vector<std::string> headings;
  for (const Listing::Column& column : listing.columns) headings.push_back(column.heading);
  lines.push_back(headings);
  for (const auto& row : listing.rows) {
    std::vector<std::string> cells;
    for (const json::value& cell : row) {
      cells.push_back(events::escape_text(text_of(for_people(cell)), false));
    }
    lines.push_back(std::move(cells));
  }
  for (const std::string& line : table_lines(lines, output_columns())) target << line << '\n';
  if (listing.rows.empty()) target << "(chưa có)\n";
}

json::array json_of(const Listing& listing) {
  json::array rows;
  for (const auto& row : listing.rows) {
    json::object object;
    for (std::size_t column = 0; column < row.size(); ++column) {
      object[listing.columns[column].key] = for_programs(row[column]);
    }
    rows.push_back(std::move(object));
  }
  return rows;
}

void print_json(std::ostream& target, const json::value& value) {
  target << events::escape_json(json::serialize(value)) << '\n';
}

int end_output(std::ostream& out, std::ostream& err, int ended) {
  out.flush();
  if (out.good()) return ended;
  err << "Lỗi: Lệnh đã chạy, nhưng không in hết kết quả được: nơi nhận đã đầy hoặc đã đóng. "
         "[device_storage: standard output]\n";
  return ended == exit_ok ? exit_storage : ended;
}

json::object json_of_error(ErrorCode code, int exit_code) {
  return {{"error", json::object{{"code", events::name_of(code)}, {"exit", exit_code}}}};
}

json::object json_of(const events::Verdict& verdict) {
  json::object object;
  object["code"] = word_of(verdict.code);
  if (verdict.rule != events::Rule::none) object["rule"] = projections::id_of(verdict.rule);
  if (verdict.hold != events::HoldReason::none) {
    object["hold"] = static_cast<std::uint64_t>(verdict.hold);
  }
  if (verdict.flags != 0) object["flags"] = verdict.flags;
  if (!verdict.parameters.empty()) {
    json::array& parameters = object["parameters"].emplace_array();
    for (const std::int64_t parameter : verdict.parameters) parameters.push_back(parameter);
  }
  return object;
}

std::string moment_vi(events::Timestamp moment) {
  if (moment.value == 0) return {};
  const std::uint64_t local = moment.value + events::vietnam_offset_milliseconds;
  const std::uint64_t minutes = local % events::milliseconds_per_day / 60'000;
  return fmt::format("{} {:02}:{:02}", events::to_vietnamese(events::day_in_vietnam(moment)),
                     minutes / 60, minutes % 60);
}

std::string day_vi(events::Day day) {
  return day.value == 0 ? std::string{} : events::to_vietnamese(day);
}

json::value json_id(const events::EventId& id) {
  if (id.is_none()) return nullptr;
  return json::value(to_string(id));
}

}  // namespace clients
