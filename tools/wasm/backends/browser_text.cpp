#include "events/text/display_width.h"
#include "events/text/folding.h"
#include "events/text/normalize.h"

#include <emscripten.h>

#include <algorithm>
#include <cstdint>

// The browser knows Unicode: utf8proc's tables would add 51 KB.

// clang-format off
EM_JS(int, khuyenhoc_map, (const char* text, int size, int how, char* out, int room), {
  let mapped = UTF8ToString(text, size);
  if (how > 0) mapped = mapped.normalize('NFD').toLowerCase();
  if (how === 2) mapped = mapped.replace(new RegExp("\\\\p{M}", "gu"), "");
  mapped = mapped.normalize('NFC');
  const length = lengthBytesUTF8(mapped);
  if (length < room) stringToUTF8(mapped, out, room);
  return length;
})
EM_JS(int, khuyenhoc_category, (int point), {
  const letter = String.fromCodePoint(point);
  return new RegExp("\\\\p{L}", "u").test(letter) ? 1 : new RegExp("\\\\p{M}", "u").test(letter) ? 2 : 0;
})
// clang-format on

namespace events {
namespace {

enum How { composed = 0, caseless = 1, bare = 2 };

std::string mapped(std::string_view text, How how) {
  std::string out(text.size() * 3 + 1, '\0');
  for (;;) {
    const auto size = static_cast<std::size_t>(khuyenhoc_map(
        text.data(), static_cast<int>(text.size()), how, out.data(), static_cast<int>(out.size())));
    const bool fits = size < out.size();
    out.resize(fits ? size : size + 1);
    if (fits) return out;
  }
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// The first code point of `rest` and its size; size 0: not UTF-8.
struct Point {
  std::int32_t value = 0;
  std::size_t size = 0;
};

Point first_point(std::string_view rest) {
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(rest[at]); };
  if (byte(0) < 0x80) return {byte(0), 1};
  const std::size_t size = byte(0) >= 0xF0 ? 4 : byte(0) >= 0xE0 ? 3 : 2;
  if (byte(0) < 0xC2 || byte(0) > 0xF4 || size > rest.size()) return {};
  std::int32_t value = byte(0) & (0xFF >> (size + 1));
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xC0) != 0x80) return {};
    value = value << 6 | (byte(at) & 0x3F);
  }
  const bool overlong = (size == 3 && value < 0x800) || (size == 4 && value < 0x10000);
  if (overlong || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
  return {value, size};
}

template <class Visit>
bool all_code_points(std::string_view rest, Visit visit) {
  while (!rest.empty()) {
    const Point point = first_point(rest);
    if (point.size == 0 || !visit(point.value)) return false;
    rest.remove_prefix(point.size);
  }
  return true;
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

bool is_always_nfc(std::int32_t point) {
  return point < 0x0300 || (point >= 0x1E00 && point <= 0x1EFF);
}

std::string single_blanks(std::string_view text) {
  std::string words;
  bool between = false;
  for (const char letter : text) {
    if (letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r') {
      between = !words.empty();
      continue;
    }
    if (between) words.push_back(' ');
    between = false;
    words.push_back(letter);
  }
  return words;
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  return all_code_points(text, [](std::int32_t) { return true; });
}

bool is_nfc(std::string_view text) {
  if (has_nul(text)) return false;
  if (is_ascii(text) || all_code_points(text, is_always_nfc)) return true;
  return is_valid_utf8(text) && mapped(text, composed) == text;
}

Result<std::string> to_nfc(std::string_view text) {
  if (has_nul(text)) return Error{ErrorCode::malformed, "text contains NUL"};
  if (is_ascii(text) || all_code_points(text, is_always_nfc)) return std::string(text);
  if (!is_valid_utf8(text)) return Error{ErrorCode::malformed, "text is not valid UTF-8"};
  return mapped(text, composed);
}

std::size_t code_point_count(std::string_view valid_utf8) {
  return static_cast<std::size_t>(std::count_if(valid_utf8.begin(), valid_utf8.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  }));
}

bool is_valid_person_name(std::string_view name) {
  const Result<std::string> normalized = to_nfc(name);
  if (!normalized || code_point_count(*normalized) > person_name_code_points_max) return false;
  bool has_letter = false;
  const bool only_allowed = all_code_points(*normalized, [&](std::int32_t point) {
    if (point == 0x0027 || point == 0x2019 || point == 0x02BC) return true;
    if (point == 0x002D || point == 0x2010 || point == ' ' || point == '.') return true;
    const int category = khuyenhoc_category(point);
    has_letter = has_letter || category == 1;
    return category != 0;
  });
  return only_allowed && has_letter;
}

std::string folded(std::string_view text) { return single_blanks(mapped(text, caseless)); }

std::string without_marks(std::string_view text) {
  std::string plain = single_blanks(mapped(text, bare));
  constexpr std::string_view stroked = "đ";
  for (std::size_t at = plain.find(stroked); at != std::string::npos;
       at = plain.find(stroked, at)) {
    plain.replace(at, stroked.size(), "d");
  }
  return plain;
}

// A page lays its text out itself; reports in columns are for terminals.
std::size_t display_width(std::string_view text) { return code_point_count(text); }

std::string_view beginning_within(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  for (std::size_t used = 0; taken < text.size() && used < columns; ++used) {
    const Point point = first_point(text.substr(taken));
    taken += std::max<std::size_t>(1, point.size);
  }
  return text.substr(0, taken);
}

}  // namespace events
