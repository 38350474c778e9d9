#include "events/text/folding.h"

#include <utf8proc.h>

#include <cstdlib>
#include <memory>

namespace events {
namespace {

struct FreeUtf8proc {
  void operator()(utf8proc_uint8_t* text) const { std::free(text); }
};

std::string mapped(std::string_view text, int options) {
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &out,
                   static_cast<utf8proc_option_t>(options | UTF8PROC_STABLE));
  const std::unique_ptr<utf8proc_uint8_t, FreeUtf8proc> owned(out);
  if (size < 0) return {};
  return {reinterpret_cast<const char*>(out), static_cast<std::size_t>(size)};
}

std::string single_blanks(std::string_view text) {
  std::string words;
  bool between = false;
  for (const char letter : text) {
    const bool is_blank = letter == ' ' || letter == '\t' || letter == '\n' || letter == '\r';
    if (is_blank) {
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

std::string folded(std::string_view text) {
  return single_blanks(mapped(text, UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD));
}

std::string without_marks(std::string_view text) {
  std::string plain =
      single_blanks(mapped(text, UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK));
  // The stroke of đ is no mark to Unicode.
  constexpr std::string_view stroked = "\u0111";  // d with a stroke
  for (std::size_t at = plain.find(stroked); at != std::string::npos;
       at = plain.find(stroked, at)) {
    plain.replace(at, stroked.size(), "d");
  }
  return plain;
}

}  // namespace events
