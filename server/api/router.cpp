#include "server/api/router.h"

namespace server {
namespace {

int digit_of(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

/// Nothing: a "%" without two digits behind it, or a control character, plain or decoded.
std::optional<std::string> decode(std::string_view text, bool is_query) {
  std::string decoded;
  for (std::size_t index = 0; index < text.size(); ++index) {
    char letter = text[index];
    if (letter == '%') {
      if (index + 2 >= text.size()) return std::nullopt;
      const int high = digit_of(text[index + 1]);
      const int low = digit_of(text[index + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      letter = static_cast<char>(high * 16 + low);
      index += 2;
    } else if (letter == '+' && is_query) {
      letter = ' ';
    }
    const auto byte = static_cast<unsigned char>(letter);
    if (byte < 0x20 || byte == 0x7F) return std::nullopt;
    decoded += letter;
  }
  return decoded;
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Problem malformed(std::string detail) {
  return {ProblemKind::malformed_request, std::move(detail)};
}

std::optional<Problem> read_query(std::string_view text, ApiTarget& target) {
  if (text.empty()) return std::nullopt;
  const std::vector<std::string_view> parts = parts_of(text, '&');
  if (parts.size() > query_parameters_max) return malformed("the query has too many parameters");
  for (const std::string_view part : parts) {
    const std::size_t equals = part.find('=');
    if (equals == std::string_view::npos) {
      return malformed("a parameter of the query has no value");
    }
    std::optional<std::string> name = decode(part.substr(0, equals), true);
    std::optional<std::string> value = decode(part.substr(equals + 1), true);
    if (!name || !value || name->empty()) return malformed("the query cannot be decoded");
    const auto [place, is_new] = target.query.try_emplace(std::move(*name), std::move(*value));
    if (!is_new) {
      return Problem{ProblemKind::invalid_parameter, "the parameter comes twice", place->first};
    }
  }
  return std::nullopt;
}

}  // namespace

std::string_view path_of(std::string_view target) { return target.substr(0, target.find('?')); }

std::string query_of(std::string_view target) {
  const std::size_t mark = target.find('?');
  return mark == std::string_view::npos ? "?" : std::string(target.substr(mark));
}

std::variant<ApiTarget, Problem> read_target(std::string_view target) {
  if (target.size() > target_bytes_max) {
    return Problem{ProblemKind::target_too_long,
                   "a target has at most " + std::to_string(target_bytes_max) + " bytes"};
  }
  if (!target.starts_with('/')) return malformed("a target begins with a slash");
  ApiTarget read;
  for (const std::string_view part : parts_of(path_of(target).substr(1), '/')) {
    std::optional<std::string> segment = decode(part, false);
    if (!segment) return malformed("the path cannot be decoded");
    read.segments.push_back(std::move(*segment));
  }
  if (auto problem = read_query(std::string_view(query_of(target)).substr(1), read)) {
    return std::move(*problem);
  }
  return read;
}

PathPattern::PathPattern(std::string_view pattern) {
  for (const std::string_view part : parts_of(pattern.substr(1), '/')) segments_.emplace_back(part);
}

std::optional<std::map<std::string, std::string>> PathPattern::match(
    const std::vector<std::string>& segments) const {
  if (segments.size() != segments_.size()) return std::nullopt;
  std::map<std::string, std::string> named;
  for (std::size_t index = 0; index < segments.size(); ++index) {
    const std::string& wanted = segments_[index];
    if (wanted.starts_with('{')) {
      if (segments[index].empty()) return std::nullopt;
      named[wanted.substr(1, wanted.size() - 2)] = segments[index];
    } else if (wanted != segments[index]) {
      return std::nullopt;
    }
  }
  return named;
}

}  // namespace server
