#include "events/text/text_check.h"

#include "events/base/ranges.h"
#include "events/text/normalize.h"
#include "events/text/permitted_characters.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace events {
namespace {

/// Fields that may have several lines; every other one has one line.
constexpr std::array<std::string_view, 2> fields_with_lines{"agenda", "text"};

constexpr char32_t not_utf8 = 0xFFFFFFFF;

struct Decoded {
  char32_t point = not_utf8;
  std::size_t size = 1;  ///< Bytes taken.
};

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

/// The first code point of `text` as RFC 3629 writes it; not_utf8 and one byte otherwise.
/// Expects: text is not empty.
Decoded first_point(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text.front());
  if (lead < 0x80) return {lead, 1};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t point = lead & (0xFFU >> (size + 1));
  for (const char byte : text.substr(1, size - 1)) {
    if (!is_continuation(byte)) return {};
    point = point << 6U | (static_cast<unsigned char>(byte) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  if (point < least[size] || surrogate || point > 0x10FFFF) return {};
  return {point, size};
}

/// Blanks that keyboards, word processors and web pages give; all are kept as U+0020.
bool is_blank(char32_t point) {
  return point == ' ' || point == '\t' || point == 0xA0 || point == 0x1680 ||
         (point >= 0x2000 && point <= 0x200A) || point == 0x202F || point == 0x205F ||
         point == 0x3000;
}

/// Takes blanks together; blanks beside a line end or at the ends go.
class Cleaner {
 public:
  void take(char32_t point, std::string_view bytes) {
    const bool after_carriage_return = std::exchange(after_carriage_return_, point == '\r');
    if (point == '\n' && after_carriage_return) return;  // CR LF is one line end.
    if (point == '\n' || point == '\r') {
      ++line_ends_;
      return;
    }
    if (is_blank(point)) {
      blank_ = true;
      return;
    }
    if (!text_.empty()) {
      text_.append(line_ends_, '\n');
      if (line_ends_ == 0 && blank_) text_ += ' ';
    }
    line_ends_ = 0;
    blank_ = false;
    text_ += bytes;
  }

  std::string text() && { return std::move(text_); }

 private:
  std::string text_;
  std::size_t line_ends_ = 0;  ///< Before the next character.
  bool blank_ = false;         ///< The same.
  bool after_carriage_return_ = false;
};

/// At least `width` digits to the base 16.
void append_hexadecimal(std::uint32_t value, std::size_t width, std::string& target) {
  std::array<char, 8> digits{};
  char* const end = std::to_chars(digits.data(), digits.data() + digits.size(), value, 16).ptr;
  const auto size = static_cast<std::size_t>(end - digits.data());
  target.append(width - std::min(width, size), '0').append(digits.data(), size);
}

/// "\u1b" and the like, as JSON writes it.
void append_json_escape(char32_t point, std::string& target) {
  const auto append = [&](std::uint32_t unit) {
    target += "\\u";
    append_hexadecimal(unit, 4, target);
  };
  const auto value = static_cast<std::uint32_t>(point);
  if (value <= 0xFFFF) return append(value);
  append(0xD800U + ((value - 0x10000U) >> 10U));
  append(0xDC00U + ((value - 0x10000U) & 0x3FFU));
}

}  // namespace

TextField text_field(std::string_view name) {
  return {name, ranges::find(fields_with_lines, name) != fields_with_lines.end()};
}

std::string BadText::explain() const {
  switch (fault) {
    case TextFault::missing:
      return field + ": missing";
    case TextFault::too_long:
      return field + ": " + std::to_string(bytes) + " bytes, at most " + std::to_string(bytes_max);
    case TextFault::form:
      return field + ": not UTF-8 in NFC";
    case TextFault::characters:
      return field + ": control, invisible or unknown characters";
  }
  return field;
}

std::optional<TextFault> check_text(std::string_view text, std::size_t bytes_max, bool lines) {
  if (text.size() > bytes_max) return TextFault::too_long;
  if (!is_nfc(text)) return TextFault::form;
  while (!text.empty()) {
    const Decoded next = first_point(text);
    const bool permitted = is_permitted_character(next.point) || (lines && next.point == '\n');
    if (!permitted) return TextFault::characters;
    text.remove_prefix(next.size);
  }
  return std::nullopt;
}

Result<std::string> clean_typed_text(std::string_view typed) {
  const Result<std::string> normalized = to_nfc(typed);
  if (!normalized) return normalized.error();
  Cleaner cleaner;
  for (std::string_view rest = *normalized; !rest.empty();) {
    const Decoded next = first_point(rest);
    std::string_view bytes = rest.substr(0, next.size);
    if (next.point == 0xD0) bytes = "\u0110";
    if (next.point == 0xF0) bytes = "\u0111";
    cleaner.take(next.point, bytes);
    rest.remove_prefix(next.size);
  }
  return std::move(cleaner).text();
}

std::string escape_text(std::string_view text, bool lines) {
  std::string escaped;
  escaped.reserve(text.size());
  while (!text.empty()) {
    const Decoded next = first_point(text);
    if (is_permitted_character(next.point) || (lines && next.point == '\n')) {
      escaped += text.substr(0, next.size);
    } else {
      const bool byte = next.point == not_utf8;
      const std::uint32_t value =
          byte ? static_cast<unsigned char>(text.front()) : static_cast<std::uint32_t>(next.point);
      escaped += byte ? "\\x{" : "\\u{";
      append_hexadecimal(value, byte ? 2 : 1, escaped);
      escaped += "}";
    }
    text.remove_prefix(next.size);
  }
  return escaped;
}

std::string escape_json(std::string_view document) {
  std::string escaped;
  escaped.reserve(document.size());
  while (!document.empty()) {
    const Decoded next = first_point(document);
    constexpr char32_t replacement = 0xFFFD;
    if (next.point < 0x7F || is_permitted_character(next.point)) {
      escaped += document.substr(0, next.size);
    } else {
      append_json_escape(next.point == not_utf8 ? replacement : next.point, escaped);
    }
    document.remove_prefix(next.size);
  }
  return escaped;
}

}  // namespace events
