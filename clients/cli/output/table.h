#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace clients {

/// Lines of text, none of them wider on the screen than was asked for.
using Lines = std::vector<std::string>;

/// `text` in lines of at most `columns`, broken between words; the lines after the first begin with
/// `indent` blanks.  A word that is wider than a line is cut with "…".
///
/// Expects: `columns` above `indent`.
Lines wrap_text(std::string_view text, std::size_t columns, std::size_t indent);

/// `text`, or its beginning and "…" when it takes more than `columns`.
std::string cut_text(std::string_view text, std::size_t columns);

/// Rows of cells, the headings first, in aligned columns.  What is wider than `columns` is made
/// narrower: the widest cells are wrapped; where that would leave less than a word to a cell, each
/// row becomes a paragraph, the first cell first and the others behind their headings.
///
/// Expects: every row has as many cells as the first.  A cell is one line.
Lines table_lines(const std::vector<std::vector<std::string>>& rows,
                  std::optional<std::size_t> columns);

}  // namespace clients
