#pragma once

#include "events/archive/compact.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/crypto/base64url.h"
#include "server/api/problem.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace server {

/// Rows in one answer: the most that a caller may ask for, and as many as come unasked.
inline constexpr std::size_t answer_rows_max = 500;
inline constexpr std::size_t answer_rows_usual = 100;

/// Where a page begins, as a caller brings it back: opaque, and good only for the question that it
/// came from.  It names the position of the first page, so that all pages are of one moment.
/// Whatever a caller changes in it, it reads nothing that the caller may not read anyhow.
struct PageCursor {
  std::uint32_t form = 1;
  events::Position position;
  std::uint64_t question{};  ///< Of question_of().
  events::Bytes after;       ///< The handler's own cursor, encoded.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(form, position, question, events::bounded<64>(after));
  }
};

/// Which question a cursor belongs to: the path and the parameters without at, cursor and limit.
std::uint64_t question_of(std::string_view path, const std::map<std::string, std::string>& query);

/// What the parameters `at`, `cursor` and `limit` say.
struct PageRequest {
  std::optional<events::Position> at;  ///< Named by `at` or by the cursor; nothing: the newest.
  std::optional<PageCursor> cursor;
  std::size_t limit = answer_rows_usual;
};

/// Errors: a Problem that names the parameter.
std::variant<PageRequest, Problem> read_page(std::string_view path,
                                             const std::map<std::string, std::string>& query);

/// The text of a cursor behind the last row of a page.
template <class Cursor>
std::string write_cursor(events::Position position, std::uint64_t question, const Cursor& after) {
  const PageCursor cursor{1, position, question, events::encode(after)};
  return events::to_base64url(events::encode(cursor));
}

/// The handler's own cursor in what a caller brought; nothing when the caller began anew.
template <class Cursor>
std::variant<std::optional<Cursor>, Problem> read_after(const PageRequest& page) {
  if (!page.cursor) return std::optional<Cursor>{};
  events::Result<Cursor> after = events::decode<Cursor>(page.cursor->after);
  if (after) return std::optional<Cursor>(std::move(*after));
  return Problem{ProblemKind::invalid_parameter, "not a cursor of this server", "cursor"};
}

/// A whole number in decimal without sign and without zeros in front; nothing for anything else.
std::optional<std::uint64_t> read_number(std::string_view text);

}  // namespace server
