#include "clients/cli/output/report_text.h"

#include "events/text/display_width.h"

#include <algorithm>
#include <iterator>
#include <sstream>
#include <string>
#include <variant>

namespace clients {
namespace {

constexpr std::string_view unknown_vi = "không rõ";
/// A share above the whole has this mark, which the last line of the report explains.
constexpr std::string_view beyond_whole_mark = " (*)";

std::string text_of(const projections::Cell& cell) {
  if (std::holds_alternative<projections::Unknown>(cell)) return std::string{unknown_vi};
  if (const auto* const count = std::get_if<std::uint64_t>(&cell)) {
    return projections::number_vi(*count);
  }
  const auto& ratio = std::get<projections::Ratio>(cell);
  std::string text = projections::percentage_vi(ratio);
  if (ratio.exceeds_whole()) text += beyond_whole_mark;
  return text;
}

std::vector<std::vector<std::string>> rows_of(const projections::Table& report) {
  std::vector<std::vector<std::string>> rows(1);
  rows.front() = {"Đơn vị", report.line_heading};
  for (const projections::Column& column : report.columns) {
    rows.front().push_back(column.heading_vi);
  }
  for (const projections::Row& row : report.rows) {
    rows.push_back({row.unit_name, row.line});
    for (const projections::Cell& cell : row.cells) rows.back().push_back(text_of(cell));
    rows.back().resize(rows.front().size());
  }
  return rows;
}

Lines on_paper(const projections::Table& report) {
  std::istringstream text(projections::render_text(report));
  Lines lines;
  for (std::string line; std::getline(text, line);) lines.push_back(std::move(line));
  return lines;
}

}  // namespace

Lines report_lines(const projections::Table& report, std::optional<std::size_t> columns) {
  Lines paper = on_paper(report);
  const auto fits = [&](const std::string& line) {
    return !columns || events::display_width(line) <= *columns;
  };
  if (std::ranges::all_of(paper, fits)) return paper;

  Lines lines;
  const auto add = [&](Lines more) { std::ranges::move(more, std::back_inserter(lines)); };
  // On paper an empty line stands between what the report is about and its table.
  const auto above = std::ranges::find(paper, std::string{});
  for (auto line = paper.begin(); line != above; ++line) add(wrap_text(*line, *columns, 2));
  lines.emplace_back();
  add(table_lines(rows_of(report), columns));
  if (paper.back().starts_with("(*)")) add(wrap_text(paper.back(), *columns, 4));
  return lines;
}

}  // namespace clients
