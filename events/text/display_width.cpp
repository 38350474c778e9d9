#include "events/text/display_width.h"

#include <utf8proc.h>

#include <algorithm>

namespace events {
namespace {

struct Letter {
  std::size_t bytes = 1;
  std::size_t columns = 1;
};

/// The first code point of `text`.  Expects: `text` is not empty.
Letter first_letter(std::string_view text) {
  utf8proc_int32_t point = 0;
  const utf8proc_ssize_t bytes =
      utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                       static_cast<utf8proc_ssize_t>(text.size()), &point);
  if (bytes <= 0) return {};
  return {static_cast<std::size_t>(bytes),
          static_cast<std::size_t>(std::max(0, utf8proc_charwidth(point)))};
}

}  // namespace

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Letter letter = first_letter(text);
    columns += letter.columns;
    text.remove_prefix(letter.bytes);
  }
  return columns;
}

std::string_view beginning_within(std::string_view text, std::size_t columns) {
  std::size_t taken = 0;
  std::size_t used = 0;
  while (taken < text.size()) {
    const Letter letter = first_letter(text.substr(taken));
    if (used + letter.columns > columns) break;
    used += letter.columns;
    taken += letter.bytes;
  }
  return text.substr(0, taken);
}

}  // namespace events
