#include "clients/cli/csv.h"

#include "clients/cli/output/output.h"
#include "events/text/normalize.h"

namespace clients {

using events::Result;

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The next line without its end.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  std::string_view line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

/// Errors: invalid_argument: a quote is not closed, or the text is not UTF-8.
Result<std::vector<std::string>> split(std::string_view raw) {
  const Result<std::string> text = events::to_nfc(raw);
  if (!text) return usage_error("chữ không phải UTF-8");
  std::vector<std::string> fields(1);
  bool quoted = false;
  for (std::size_t index = 0; index < text->size(); ++index) {
    const char letter = (*text)[index];
    if (letter == '"') {
      const bool doubled = quoted && index + 1 < text->size() && (*text)[index + 1] == '"';
      if (doubled) {
        fields.back().push_back('"');
        ++index;
      } else {
        quoted = !quoted;
      }
    } else if (letter == ',' && !quoted) {
      fields.emplace_back();
    } else {
      fields.back().push_back(letter);
    }
  }
  if (quoted) return usage_error("dấu ngoặc kép chưa đóng");
  return fields;
}

}  // namespace

Result<void> read_csv(
    std::string_view content, std::string_view heading,
    const std::function<void(std::size_t, const Result<std::vector<std::string>>&)>& visit) {
  if (content.starts_with(byte_order_mark)) content.remove_prefix(byte_order_mark.size());
  if (take_line(content) != heading) {
    return usage_error("Dòng đầu của tệp phải là: " + std::string(heading));
  }
  for (std::size_t number = 2; !content.empty(); ++number) {
    const std::string_view text = take_line(content);
    if (!text.empty()) visit(number, split(text));
  }
  return {};
}

}  // namespace clients
