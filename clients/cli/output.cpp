#include "clients/cli/output.h"

#include "clients/cli/words.h"
#include "events/text/normalize.h"
#include "projections/workflow/texts.h"

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
    case ErrorCode::storage_failed:
    case ErrorCode::storage_corrupt:
    case ErrorCode::storage_rolled_back:
      return exit_storage;
    default:
      return exit_network;
  }
}

void print_formatted(std::ostream& target, fmt::string_view format, fmt::format_args arguments) {
  target << fmt::vformat(format, arguments);
}

events::Error usage_error(std::string what) {
  return events::Error{ErrorCode::invalid_argument, std::move(what)};
}

void print_error(std::ostream& target, const events::Error& error, std::string_view advice) {
  // Wrong arguments are worded where they are found.
  if (error.code == ErrorCode::invalid_argument || error.code == ErrorCode::not_found ||
      error.code == ErrorCode::locked) {
    print(target, "Lỗi: {} [{}]\n", error.message, events::name_of(error.code));
    return;
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

void print_row(std::ostream& target, const std::vector<std::string>& cells,
               const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t column = 0; column < cells.size(); ++column) {
    line += cells[column];
    if (column + 1 == cells.size()) break;
    line.append(widths[column] - events::code_point_count(cells[column]) + 2, ' ');
  }
  target << line << '\n';
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
  std::vector<std::size_t> widths(listing.columns.size());
  for (const auto& line : lines) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      widths[column] = std::max(widths[column], events::code_point_count(line[column]));
    }
  }
  for (const auto& line : lines) print_row(target, line, widths);
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

json::object json_of_error(ErrorCode code, int exit_code) {
  return {{"error", json::object{{"code", events::name_of(code)}, {"exit", exit_code}}}};
}

json::object json_of(const events::Verdict& verdict) {
  json::object object;
  object["code"] = word_of(verdict.code);
  object["text"] = projections::explain(verdict);
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
