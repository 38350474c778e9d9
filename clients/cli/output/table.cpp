#include "clients/cli/output/table.h"

#include "events/text/display_width.h"

#include <algorithm>
#include <numeric>

namespace clients {
namespace {

using events::display_width;
using Rows = std::vector<std::vector<std::string>>;
using Widths = std::vector<std::size_t>;

/// Blanks between two columns.
constexpr std::size_t gap = 2;
/// A column that is made narrower keeps room for a long word of Vietnamese and its heading.
constexpr std::size_t narrow_min = 10;
constexpr std::size_t paragraph_indent = 2;

Widths widths_of(const Rows& rows) {
  Widths widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < widths.size(); ++column) {
      widths[column] = std::max(widths[column], display_width(row[column]));
    }
  }
  return widths;
}

std::size_t total_of(const Widths& widths) {
  return std::accumulate(widths.begin(), widths.end(), gap * (widths.size() - 1));
}

/// Takes columns from the widest until all fit; false when none can give any more.  The first holds
/// ids, which are copied from the screen: it stays as it is.
bool make_narrower(Widths& widths, std::size_t columns) {
  for (std::size_t total = total_of(widths); total > columns; --total) {
    const auto widest = std::max_element(widths.begin() + 1, widths.end());
    if (widest == widths.end() || *widest <= narrow_min) return false;
    --*widest;
  }
  return true;
}

/// One row, as many lines as its highest cell.
void add_row(const std::vector<std::string>& row, const Widths& widths, Lines& lines) {
  std::vector<Lines> cells;
  std::size_t height = 1;
  for (std::size_t column = 0; column < widths.size(); ++column) {
    cells.push_back(wrap_text(row[column], std::max<std::size_t>(widths[column], 1), 0));
    height = std::max(height, cells.back().size());
  }
  for (std::size_t line = 0; line < height; ++line) {
    std::string text;
    std::size_t reached = 0;  // Where the column begins; blanks are added only before a word.
    std::size_t written = 0;
    for (std::size_t column = 0; column < widths.size(); ++column) {
      if (line < cells[column].size() && !cells[column][line].empty()) {
        text.append(reached - written, ' ').append(cells[column][line]);
        written = reached + display_width(cells[column][line]);
      }
      reached += widths[column] + gap;
    }
    lines.push_back(std::move(text));
  }
}

/// "7.12 · Tên: Lò Thị Ánh · Nhóm: người học": what is empty is left out.
Lines paragraph_of(const std::vector<std::string>& headings, const std::vector<std::string>& row,
                   std::size_t columns) {
  std::string text = row.front();
  for (std::size_t column = 1; column < row.size(); ++column) {
    if (row[column].empty()) continue;
    text.append(" · ").append(headings[column]).append(": ").append(row[column]);
  }
  return wrap_text(text, columns, paragraph_indent);
}

}  // namespace

Lines wrap_text(std::string_view text, std::size_t columns, std::size_t indent) {
  Lines lines(1);
  std::size_t used = 0;
  bool is_begun = false;  // The last line has a word.
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t blank = std::min(text.find(' ', from), text.size());
    const std::string_view word = text.substr(from, blank - from);
    from = blank + 1;
    if (word.empty()) continue;
    const std::size_t width = display_width(word);
    if (is_begun && used + 1 + width > columns) {
      lines.emplace_back(indent, ' ');
      used = indent;
      is_begun = false;
    }
    if (is_begun) {
      lines.back() += ' ';
      ++used;
    }
    lines.back() += cut_text(word, columns - used);
    used += std::min(width, columns - used);
    is_begun = true;
  }
  return lines;
}

std::string cut_text(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  if (columns == 0) return {};
  return std::string(events::beginning_within(text, columns - 1)) + "…";
}

Lines table_lines(const Rows& rows, std::optional<std::size_t> columns) {
  Widths widths = widths_of(rows);
  Lines lines;
  if (!columns || make_narrower(widths, *columns)) {
    for (const auto& row : rows) add_row(row, widths, lines);
    return lines;
  }
  for (std::size_t row = 1; row < rows.size(); ++row) {
    const Lines paragraph = paragraph_of(rows.front(), rows[row], *columns);
    lines.insert(lines.end(), paragraph.begin(), paragraph.end());
  }
  return lines;
}

}  // namespace clients
