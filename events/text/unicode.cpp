#include "events/text/normalize.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>

namespace events {
namespace {

using CodePoint = utf8proc_int32_t;

struct FreeUtf8proc {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

const utf8proc_uint8_t* unsigned_data(std::string_view text) {
  return reinterpret_cast<const utf8proc_uint8_t*>(text.data());
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Removes the first code point of `rest` and gives it to `visit`, again and again.  Returns false
/// as soon as `visit` does or `rest` is not valid UTF-8.
template <class Visit>
bool all_code_points(std::string_view rest, Visit visit) {
  while (!rest.empty()) {
    CodePoint point = 0;
    const utf8proc_ssize_t size =
        utf8proc_iterate(unsigned_data(rest), static_cast<utf8proc_ssize_t>(rest.size()), &point);
    if (size <= 0) return false;
    if (!visit(point)) return false;
    rest.remove_prefix(static_cast<std::size_t>(size));
  }
  return true;
}

bool has_nul(std::string_view text) { return text.find('\0') != std::string_view::npos; }

/// Whether a text of only such code points is NFC: each is a starter, stays itself in NFC, and does
/// not combine with one before it.  Latin up to U+02FF and Latin Extended Additional hold all
/// composed Vietnamese letters.
bool is_always_nfc(CodePoint point) {
  return point < 0x0300 || (point >= 0x1E00 && point <= 0x1EFF);
}

bool is_apostrophe(CodePoint point) {
  return point == 0x0027 || point == 0x2019 || point == 0x02BC;
}

bool is_hyphen(CodePoint point) { return point == 0x002D || point == 0x2010; }

bool is_letter(CodePoint point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
      return true;
    default:
      return false;
  }
}

bool is_mark(CodePoint point) {
  switch (utf8proc_category(point)) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool is_valid_utf8(std::string_view text) {
  if (is_ascii(text)) return true;
  return all_code_points(text, [](CodePoint) { return true; });
}

bool is_nfc(std::string_view text) {
  if (has_nul(text)) return false;
  if (is_ascii(text) || all_code_points(text, is_always_nfc)) return true;

  const Result<std::string> normalized = to_nfc(text);
  return normalized && *normalized == text;
}

Result<std::string> to_nfc(std::string_view text) {
  if (has_nul(text)) return Error{ErrorCode::malformed, "text contains NUL"};
  if (is_ascii(text) || all_code_points(text, is_always_nfc)) return std::string(text);

  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(unsigned_data(text), static_cast<utf8proc_ssize_t>(text.size()), &mapped,
                   static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  const std::unique_ptr<utf8proc_uint8_t, FreeUtf8proc> owned{mapped};
  if (size < 0) return Error{ErrorCode::malformed, "text is not valid UTF-8"};
  return std::string(reinterpret_cast<const char*>(owned.get()), static_cast<std::size_t>(size));
}

std::size_t code_point_count(std::string_view valid_utf8) {
  const auto starts_code_point = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
  };
  return static_cast<std::size_t>(
      std::count_if(valid_utf8.begin(), valid_utf8.end(), starts_code_point));
}

bool is_valid_person_name(std::string_view name) {
  const Result<std::string> normalized = to_nfc(name);
  if (!normalized) return false;
  if (code_point_count(*normalized) > person_name_code_points_max) return false;

  bool has_letter = false;
  const bool only_allowed = all_code_points(*normalized, [&has_letter](CodePoint point) {
    // U+02BC counts as a letter in Unicode, but an apostrophe alone is no name.
    if (is_apostrophe(point)) return true;
    if (is_letter(point)) {
      has_letter = true;
      return true;
    }
    return is_mark(point) || is_hyphen(point) || point == ' ' || point == '.';
  });
  return only_allowed && has_letter;
}

}  // namespace events
