#include "events/base/ranges.h"
#include "events/text/normalize.h"
#include "projections/reports/reports.h"

#include <cereal/archives/json.hpp>

#include <algorithm>
#include <string_view>

namespace projections {
namespace {

constexpr std::string_view unknown_vi = "không rõ";
constexpr std::string_view beyond_whole_mark = " (*)";
constexpr std::string_view gap = "  ";

std::string_view word_of(DenominatorKind kind) {
  switch (kind) {
    case DenominatorKind::registered:
      return "REGISTERED";
    case DenominatorKind::group_population:
      return "GROUP_POPULATION";
    case DenominatorKind::total_subjects:
      return "TOTAL_SUBJECTS";
  }
  return "UNKNOWN";
}

std::string text_of(const Cell& cell) {
  if (std::holds_alternative<Unknown>(cell)) return std::string{unknown_vi};
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
  columns[0].entries = {"Đơn vị"};
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

using Writer = rapidjson::PrettyWriter<rapidjson::StringBuffer>;

void write_text(Writer& writer, std::string_view text) {
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
}

void write_field(Writer& writer, const char* name, std::string_view text) {
  writer.Key(name);
  write_text(writer, text);
}

void write_cell(Writer& writer, const Cell& cell) {
  if (std::holds_alternative<Unknown>(cell)) {
    writer.Null();
    return;
  }
  if (const auto* const count = std::get_if<std::uint64_t>(&cell)) {
    writer.Uint64(*count);
    return;
  }
  const Ratio& ratio = std::get<Ratio>(cell);
  writer.StartObject();
  writer.Key("num");
  writer.Uint64(ratio.num);
  writer.Key("den");
  if (ratio.unknown) {
    writer.Null();
  } else {
    writer.Uint64(ratio.den);
  }
  write_field(writer, "den_kind", word_of(ratio.den_kind));
  writer.Key("percent_hundredths");
  if (const auto hundredths = ratio.hundredths()) {
    writer.Uint64(*hundredths);
  } else {
    writer.Null();
  }
  write_field(writer, "text_vi", percentage_vi(ratio));
  writer.EndObject();
}

void write_row(Writer& writer, const Table& table, const Row& row) {
  writer.StartObject();
  writer.Key("unit");
  if (row.unit.is_none()) {
    writer.Null();
  } else {
    write_text(writer, to_string(row.unit));
  }
  write_field(writer, "unit_name", row.unit_name);
  write_field(writer, "line", row.line);
  for (std::size_t index = 0; index < row.cells.size(); ++index) {
    writer.Key(table.columns[index].key.c_str());
    write_cell(writer, row.cells[index]);
  }
  writer.EndObject();
}

}  // namespace

std::string number_vi(std::uint64_t number) {
  std::string text = std::to_string(number);
  for (std::size_t place = text.size(); place > 3; place -= 3) text.insert(place - 3, 1, '.');
  return text;
}

std::string percentage_vi(const Ratio& ratio) {
  if (ratio.unknown) return std::string{unknown_vi};
  const std::optional<std::uint64_t> hundredths = ratio.hundredths();
  if (!hundredths) return "–";
  const std::uint64_t rest = *hundredths % 100;
  return number_vi(*hundredths / 100) + (rest < 10 ? ",0" : ",") + std::to_string(rest) + " %";
}

std::string render_text(const Table& table) {
  std::string text = table.code + ". " + table.title + "\n";
  text += "Địa bàn: " + table.area + "\n";
  std::string cycles;
  for (const std::string& cycle : table.cycles) cycles += (cycles.empty() ? "" : "; ") + cycle;
  text += "Đợt xét: " + (cycles.empty() ? std::string{unknown_vi} : cycles) + "\n";
  text += "Số liệu tính đến ngày " + events::to_vietnamese(table.as_of) + ", theo sổ đến mục số " +
          number_vi(table.position.value) + "\n\n";
  text += text_lines(table);

  const auto is_beyond_whole = [](const Cell& cell) {
    const Ratio* const ratio = std::get_if<Ratio>(&cell);
    return ratio != nullptr && ratio->exceeds_whole();
  };
  if (events::ranges::any_of(table.rows, [&](const Row& row) {
        return events::ranges::any_of(row.cells, is_beyond_whole);
      })) {
    text += "(*) Số đạt lớn hơn tổng số: xin kiểm tra lại tổng số đã cung cấp.\n";
  }
  return text;
}

std::string render_json(const Table& table) {
  rapidjson::StringBuffer buffer;
  Writer writer(buffer);
  writer.SetIndent(' ', 2);
  writer.StartObject();
  write_field(writer, "report", table.code);
  write_field(writer, "title", table.title);
  write_field(writer, "area", table.area);
  writer.Key("cycles");
  writer.StartArray();
  for (const std::string& cycle : table.cycles) write_text(writer, cycle);
  writer.EndArray();
  writer.Key("position");
  writer.Uint64(table.position.value);
  write_field(writer, "as_of", events::to_iso(table.as_of));
  writer.Key("rows");
  writer.StartArray();
  for (const Row& row : table.rows) write_row(writer, table, row);
  writer.EndArray();
  writer.EndObject();
  return std::string{buffer.GetString(), buffer.GetSize()} + "\n";
}

}  // namespace projections
