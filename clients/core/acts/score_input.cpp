#include "clients/core/acts/score_input.h"

#include "events/base/ranges.h"
#include "events/text/normalize.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <string_view>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::string_view rest_word = "rest";
constexpr std::string_view rest_words_vi[] = {"còn lại", "Còn lại"};
constexpr const char* how_to_write =
    "hãy viết cách nhau bằng dấu cách hoặc “;”, ví dụ 8 8,5 9, hoặc theo tên, ví dụ A1=8,5";
constexpr std::uint16_t whole_points_max = 1000;

Error wrong(std::string what) { return Error{ErrorCode::invalid_argument, std::move(what)}; }

std::string quoted(std::string_view text) { return "“" + std::string(text) + "”"; }

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

/// "8", "7.5" or "7,5" in tenths.
std::optional<std::uint16_t> points_in(std::string_view text) {
  std::uint16_t whole = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, failure] = std::from_chars(text.data(), end, whole);
  if (failure != std::errc{} || whole > whole_points_max) return std::nullopt;
  if (stop == end) return static_cast<std::uint16_t>(whole * 10);
  const bool one_decimal = end - stop == 2 && (*stop == '.' || *stop == ',') && is_digit(stop[1]);
  if (!one_decimal) return std::nullopt;
  return static_cast<std::uint16_t>(whole * 10 + (stop[1] - '0'));
}

Error no_points(std::string_view text) {
  return wrong(quoted(text) + " không phải là điểm; hãy viết 8 hoặc 7,5.");
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    if (end > 0) parts.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return parts;
}

/// What stands between blanks and ";", without commas at the end.
Result<std::vector<std::string>> pieces_of(std::span<const std::string> typed) {
  std::vector<std::string> pieces;
  for (const std::string& text : typed) {
    Result<std::string> line = events::to_nfc(text);
    if (!line) return wrong("Chữ nhập vào không phải UTF-8; hãy đổi bảng mã rồi thử lại.");
    for (const std::string_view words : rest_words_vi) {
      const std::size_t at = line->find(words);
      if (at != std::string::npos) line->replace(at, words.size(), rest_word);
    }
    for (std::string& piece : split(*line, " \t;")) {
      while (piece.ends_with(',')) piece.pop_back();
      if (!piece.empty()) pieces.push_back(std::move(piece));
    }
  }
  return pieces;
}

std::string codes_of(std::span<const SheetColumn> columns) {
  std::string codes;
  for (const SheetColumn& column : columns) codes += (codes.empty() ? "" : ", ") + column.code;
  return codes;
}

// ---- by name ----

/// "A1=8,5,A2=8" as "A1=8,5" and "A2=8": a digit alone is the decimal of the value before it.
Result<std::vector<std::string>> named_values(std::span<const std::string> pieces) {
  std::vector<std::string> values;
  for (const std::string& piece : pieces) {
    bool may_be_decimal = false;
    for (const std::string& part : split(piece, ",")) {
      if (part.find('=') != std::string::npos) {
        values.push_back(part);
        may_be_decimal = true;
        continue;
      }
      if (!may_be_decimal || part.size() != 1 || !is_digit(part[0])) {
        return wrong(quoted(part) +
                     " không có tên chỉ số; hãy viết theo tên hết, ví dụ A1=8 A2=7,5.");
      }
      values.back() += "," + part;
      may_be_decimal = false;
    }
  }
  return values;
}

Result<std::vector<std::uint16_t>> read_named(std::span<const std::string> pieces,
                                              std::span<const SheetColumn> columns) {
  const Result<std::vector<std::string>> values = named_values(pieces);
  if (!values) return values.error();
  std::map<std::string, std::uint16_t, std::less<>> by_name;
  for (const std::string& value : *values) {
    const std::size_t equals = value.find('=');
    const std::string name = value.substr(0, equals);
    const bool is_known = name == rest_word ||
                          events::ranges::find(columns, name, &SheetColumn::code) != columns.end();
    if (!is_known) {
      return wrong("Nhóm này không chấm chỉ số " + quoted(name) + "; các chỉ số là " +
                   codes_of(columns) + ".");
    }
    const std::string_view text = std::string_view(value).substr(equals + 1);
    const std::optional<std::uint16_t> points = points_in(text);
    if (!points) return no_points(text);
    if (!by_name.emplace(name, *points).second) {
      return wrong("Chỉ số " + quoted(name) + " ghi hai lần.");
    }
  }
  std::vector<std::uint16_t> scores;
  std::string missing;
  const auto rest = by_name.find(rest_word);
  for (const SheetColumn& column : columns) {
    const auto named = by_name.find(column.code);
    if (named == by_name.end() && rest == by_name.end()) {
      missing += (missing.empty() ? "" : ", ") + column.code;
      continue;
    }
    scores.push_back(named == by_name.end() ? rest->second : named->second);
  }
  if (!missing.empty()) {
    return wrong("Còn thiếu điểm của " + missing +
                 "; hãy ghi đủ, hoặc nói rõ phần còn lại: rest=0 (còn lại=0).");
  }
  return scores;
}

// ---- in the order of the sheet ----

/// Whether a part between commas may have been meant as the decimal of the one before it: "8,5".
bool may_be_decimal(std::string_view part, std::span<const SheetColumn> columns) {
  if (part.size() != 1 || !is_digit(part[0])) return false;
  return events::ranges::any_of(columns, [&](const SheetColumn& column) {
    return column.step_tenths != 0 && column.step_tenths % 10 != 0 &&
           (part[0] - '0') % column.step_tenths == 0;
  });
}

Result<std::vector<std::string>> parts_of(const std::string& piece,
                                          std::span<const SheetColumn> columns) {
  std::vector<std::string> parts = split(piece, ",");
  if (columns.size() == 1 && parts.size() == 2) return std::vector<std::string>{piece};
  for (std::size_t index = 1; index < parts.size(); ++index) {
    const bool before_is_whole = parts[index - 1].find('.') == std::string::npos;
    if (before_is_whole && may_be_decimal(parts[index], columns)) {
      return wrong("Không rõ " + quoted(parts[index - 1] + "," + parts[index]) +
                   " là hai điểm hay một điểm lẻ; " + how_to_write + ".");
    }
  }
  return parts;
}

Result<std::vector<std::uint16_t>> read_in_order(std::span<const std::string> pieces,
                                                 std::span<const SheetColumn> columns) {
  std::vector<std::string> values(pieces.begin(), pieces.end());
  if (values.size() == 1) {
    Result<std::vector<std::string>> parts = parts_of(values.front(), columns);
    if (!parts) return parts.error();
    values = std::move(*parts);
  }
  std::vector<std::uint16_t> scores;
  for (const std::string& value : values) {
    const std::optional<std::uint16_t> points = points_in(value);
    if (!points) return no_points(value);
    scores.push_back(*points);
  }
  if (scores.size() != columns.size()) {
    return wrong("Phiếu của nhóm này có " + std::to_string(columns.size()) + " chỉ số (" +
                 codes_of(columns) + "), đã nhập " + std::to_string(scores.size()) + " điểm; " +
                 how_to_write + ".");
  }
  return scores;
}

}  // namespace

Result<std::vector<std::uint16_t>> read_scores(std::span<const std::string> typed,
                                               std::span<const SheetColumn> columns) {
  const Result<std::vector<std::string>> pieces = pieces_of(typed);
  if (!pieces) return pieces.error();
  if (pieces->empty()) return wrong(std::string("Chưa có điểm nào; ") + how_to_write + ".");
  const bool named = events::ranges::any_of(
      *pieces, [](const std::string& piece) { return piece.find('=') != std::string::npos; });
  return named ? read_named(*pieces, columns) : read_in_order(*pieces, columns);
}

}  // namespace clients
