#include "events/archive/json_writer.h"
#include "events/base/ranges.h"
#include "events/text/normalize.h"
#include "projections/reports/reports.h"
#include "projections/texts/report_texts.h"

#include <algorithm>
#include <string_view>

namespace projections {
namespace {

using events::JsonWriter;

constexpr std::string_view beyond_whole_mark = " (*)";
constexpr std::string_view gap = "  ";

std::string text_of(const Cell& cell) {
  if (std::holds_alternative<Unknown>(cell)) return report_text(ReportText::not_known);
  if (const auto* const count = std::get_if<std::uint64_t>(&cell)) return number_vi(*count);
  const Ratio& ratio = std::get<Ratio>(cell);
  std::string text = percentage_vi(ratio);
  if (ratio.exceeds_whole()) text += beyond_whole_mark;
  return text;
}

std::string blanks(std::size_t count) { return std::string(count, ' '); }

/// A column of text, as wide as its widest entry.
struct TextColumn {
  std::vector<std::string> entries;  ///< The heading, then one per row.
  bool to_the_right = false;         ///< Numbers.

  std::size_t width() const {
    std::size_t width = 0;
    for (const std::string& entry : entries) {
      width = std::max(width, events::code_point_count(entry));
    }
    return width;
  }
};

std::vector<TextColumn> text_columns(const Table& table) {
  std::vector<TextColumn> columns(2 + table.columns.size());
  columns[0].entries = {report_text(ReportText::unit)};
  columns[1].entries = {table.line_heading};
  for (std::size_t index = 0; index < table.columns.size(); ++index) {
    columns[2 + index] = {{table.columns[index].heading_vi}, true};
  }
  const Row* before = nullptr;
  for (const Row& row : table.rows) {
    // The name of a unit stands before its first line only.
    const bool same_unit =
        before != nullptr && before->unit == row.unit && before->unit_name == row.unit_name;
    columns[0].entries.push_back(same_unit ? std::string{} : row.unit_name);
    columns[1].entries.push_back(row.line);
    for (std::size_t index = 0; index < row.cells.size(); ++index) {
      columns[2 + index].entries.push_back(text_of(row.cells[index]));
    }
    before = &row;
  }
  return columns;
}

std::string text_lines(const Table& table) {
  const std::vector<TextColumn> columns = text_columns(table);
  std::vector<std::size_t> widths;
  for (const TextColumn& column : columns) widths.push_back(column.width());

  std::string text;
  for (std::size_t line = 0; line < columns.front().entries.size(); ++line) {
    std::string written;
    for (std::size_t index = 0; index < columns.size(); ++index) {
      const std::string& entry = columns[index].entries[line];
      const std::string fill = blanks(widths[index] - events::code_point_count(entry));
      if (index > 0) written += gap;
      written += columns[index].to_the_right ? fill + entry : entry + fill;
    }
    written.erase(written.find_last_not_of(' ') + 1);
    text += written + "\n";
    if (line > 0) continue;
    for (std::size_t index = 0; index < columns.size(); ++index) {
      if (index > 0) text += gap;
      text += std::string(widths[index], '-');
    }
    text += "\n";
  }
  return text;
}

void write_cell(JsonWriter& writer, const Cell& cell) {
  if (std::holds_alternative<Unknown>(cell)) {
    writer.null();
    return;
  }
  if (const auto* const count = std::get_if<std::uint64_t>(&cell)) {
    writer.number(*count);
    return;
  }
  const Ratio& ratio = std::get<Ratio>(cell);
  writer.begin_object();
  writer.member("num", ratio.num);
  writer.key("den");
  if (ratio.unknown) {
    writer.null();
  } else {
    writer.number(ratio.den);
  }
  writer.member("den_kind", events::in_capitals(events::word_of(ratio.den_kind)));
  writer.key("percent_hundredths");
  if (const auto hundredths = ratio.hundredths()) {
    writer.number(*hundredths);
  } else {
    writer.null();
  }
  writer.member("text_vi", percentage_vi(ratio));
  writer.end();
}

void write_row(JsonWriter& writer, const Table& table, const Row& row) {
  writer.begin_object();
  writer.key("unit");
  if (row.unit.is_none()) {
    writer.null();
  } else {
    writer.text(to_string(row.unit));
  }
  writer.member("unit_name", row.unit_name);
  writer.member("line", row.line);
  for (std::size_t index = 0; index < row.cells.size(); ++index) {
    writer.key(table.columns[index].key);
    write_cell(writer, row.cells[index]);
  }
  writer.end();
}

}  // namespace

std::string number_vi(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, 1, '.');
  return text;
}

std::string percentage_vi(const Ratio& ratio) {
  if (ratio.unknown) return report_text(ReportText::not_known);
  const std::optional<std::uint64_t> hundredths = ratio.hundredths();
  if (!hundredths) return "–";
  const std::uint64_t rest = *hundredths % 100;
  return number_vi(*hundredths / 100) + (rest < 10 ? ",0" : ",") + std::to_string(rest) + " %";
}

std::string render_text(const Table& table) {
  std::string text = table.code + ". " + table.title + "\n";
  text += report_text(ReportText::area) + ": " + table.area + "\n";
  std::string cycles;
  for (const std::string& cycle : table.cycles) cycles += (cycles.empty() ? "" : "; ") + cycle;
  text += report_text(ReportText::cycles) + ": " +
          (cycles.empty() ? report_text(ReportText::not_known) : cycles) + "\n";
  text += report_text(ReportText::as_of) + " " + events::to_vietnamese(table.as_of) + ", " +
          report_text(ReportText::up_to_entry) + " " + number_vi(table.position.value) + "\n";
  if (table.rebased_on) {
    text +=
        report_text(ReportText::rebased_on) + " " + events::to_vietnamese(*table.rebased_on) + "\n";
  }
  text += "\n";
  text += text_lines(table);

  const auto is_beyond_whole = [](const Cell& cell) {
    const Ratio* const ratio = std::get_if<Ratio>(&cell);
    return ratio != nullptr && ratio->exceeds_whole();
  };
  if (events::ranges::any_of(table.rows, [&](const Row& row) {
        return events::ranges::any_of(row.cells, is_beyond_whole);
      })) {
    text += "(*) " + report_text(ReportText::beyond_whole) + "\n";
  }
  return text;
}

std::string render_json(const Table& table) {
  std::string text;
  JsonWriter writer(text, events::JsonLayout::indented);
  writer.begin_object();
  writer.member("report", table.code);
  writer.member("title", table.title);
  writer.member("area", table.area);
  writer.key("cycles");
  writer.begin_list();
  for (const std::string& cycle : table.cycles) writer.text(cycle);
  writer.end();
  writer.member("position", table.position.value);
  writer.member("as_of", events::to_iso(table.as_of));
  if (table.rebased_on) writer.member("rebased_on", events::to_iso(*table.rebased_on));
  writer.key("rows");
  writer.begin_list();
  for (const Row& row : table.rows) write_row(writer, table, row);
  writer.end();
  writer.end();
  return text + "\n";
}

}  // namespace projections
