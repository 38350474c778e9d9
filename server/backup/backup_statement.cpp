#include "server/backup/backup_statement.h"

#include "events/proofs/signed_note.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <string_view>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::string_view without_tokens = "khuyenhoc-backup/1\n";
constexpr std::string_view with_tokens = "khuyenhoc-backup/2\n";

/// The rest of the next line, which begins with `name` and a blank; takes it from `text`.
std::optional<std::string_view> field(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos || !line.starts_with(name)) return std::nullopt;
  line.remove_prefix(name.size());
  if (!line.starts_with(' ')) return std::nullopt;
  text.remove_prefix(end + 1);
  return line.substr(1);
}

template <class Number>
bool read_number(std::string_view& text, std::string_view name, Number& target) {
  const std::optional<std::string_view> digits = field(text, name);
  if (!digits) return false;
  const char* const end = digits->data() + digits->size();
  const auto [rest, error] = std::from_chars(digits->data(), end, target);
  return error == std::errc{} && rest == end;
}

std::optional<events::Digest> read_digest(std::string_view& text, std::string_view name) {
  const std::optional<std::string_view> line = field(text, name);
  if (!line) return std::nullopt;
  const Result<events::Bytes> bytes = events::from_base64(*line);
  events::Digest digest;
  if (!bytes || bytes->size() != digest.bytes.size()) return std::nullopt;
  std::ranges::copy(*bytes, digest.bytes.begin());
  return digest;
}

}  // namespace

std::string write_statement(const BackupStatement& statement, const std::string& origin,
                            const events::SigningKey& key) {
  std::string text(statement.tokens ? with_tokens : without_tokens);
  text += "log " + std::to_string(statement.head.log.value);
  text += "\nepoch " + std::to_string(statement.head.epoch.value);
  text += "\nposition " + std::to_string(statement.head.position.value);
  text += "\nroot " + events::to_base64(statement.head.root.bytes);
  text += "\ntaken " + std::to_string(statement.taken_at.value);
  text += statement.has_private_records ? "\nprivate 1\n" : "\nprivate 0\n";
  if (statement.tokens) text += "tokens " + events::to_base64(statement.tokens->bytes) + "\n";
  return events::sign_note(text, origin, key);
}

Result<BackupStatement> read_statement(const std::string& note, const std::string& origin,
                                       const events::PublicKey& key) {
  const Result<std::string> verified = events::verify_note(note, origin, key);
  if (!verified) return verified.error();
  std::string_view text = *verified;
  const bool has_tokens = text.starts_with(with_tokens);
  if (!has_tokens && !text.starts_with(without_tokens)) {
    return Error{ErrorCode::unsupported, "the backup was made by another server program"};
  }
  text.remove_prefix(has_tokens ? with_tokens.size() : without_tokens.size());
  const Error wrong{ErrorCode::malformed, "the backup's statement cannot be read"};
  BackupStatement statement;
  if (!read_number(text, "log", statement.head.log.value) ||
      !read_number(text, "epoch", statement.head.epoch.value) ||
      !read_number(text, "position", statement.head.position.value)) {
    return wrong;
  }
  const std::optional<events::Digest> root = read_digest(text, "root");
  if (!root) return wrong;
  statement.head.root = *root;
  int has_private = 0;
  if (!read_number(text, "taken", statement.taken_at.value) ||
      !read_number(text, "private", has_private) || has_private > 1) {
    return wrong;
  }
  if (has_tokens) statement.tokens = read_digest(text, "tokens");
  if (has_tokens != statement.tokens.has_value() || !text.empty()) return wrong;
  statement.has_private_records = has_private == 1;
  return statement;
}

}  // namespace server
