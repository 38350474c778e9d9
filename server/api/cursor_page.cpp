#include "server/api/cursor_page.h"

#include "events/crypto/digest.h"
#include "events/log/event_log.h"
#include "projections/views/row_page.h"

#include <charconv>
#include <system_error>
#include <utility>

namespace server {

// A view that is asked for more rows than its own most gives fewer, and says nothing.
static_assert(answer_rows_max <= projections::view_rows_max);

std::optional<std::uint64_t> read_number(std::string_view text) {
  std::uint64_t number = 0;
  const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (wrong != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return number;
}

std::uint64_t question_of(std::string_view path, const std::map<std::string, std::string>& query) {
  std::string question(path);
  for (const auto& [name, value] : query) {
    if (name == "at" || name == "cursor" || name == "limit") continue;
    question += '\n' + name + '=' + value;
  }
  return events::fingerprint_of(events::sha256(events::bytes_of(question)));
}

std::variant<PageRequest, Problem> read_page(std::string_view path,
                                             const std::map<std::string, std::string>& query) {
  PageRequest page;
  const auto wrong = [](const char* detail, const char* field) {
    return Problem{ProblemKind::invalid_parameter, detail, field};
  };
  if (const auto limit = query.find("limit"); limit != query.end()) {
    const std::optional<std::uint64_t> rows = read_number(limit->second);
    if (!rows || *rows == 0 || *rows > answer_rows_max) {
      return wrong("a page has from 1 to 500 rows", "limit");
    }
    page.limit = static_cast<std::size_t>(*rows);
  }
  if (const auto at = query.find("at"); at != query.end()) {
    const std::optional<std::uint64_t> position = read_number(at->second);
    if (!position) return wrong("a position is a whole number from 0", "at");
    page.at = events::Position{*position};
  }
  if (const auto cursor = query.find("cursor"); cursor != query.end()) {
    const events::Result<events::Bytes> bytes = events::from_base64url(cursor->second);
    if (!bytes) return wrong("not a cursor of this server", "cursor");
    events::Result<PageCursor> read = events::decode<PageCursor>(*bytes);
    if (!read || read->form != 1) return wrong("not a cursor of this server", "cursor");
    if (read->question != question_of(path, query)) {
      return wrong("the cursor belongs to another question", "cursor");
    }
    if (page.at && *page.at != read->position) {
      return wrong("the cursor belongs to another position", "at");
    }
    page.at = read->position;
    page.cursor = std::move(*read);
  }
  return page;
}

}  // namespace server
