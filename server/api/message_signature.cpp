#include "server/api/message_signature.h"

#include "events/proofs/signed_note.h"
#include "server/api/cursor_page.h"
#include "server/api/router.h"

#include <algorithm>
#include <array>
#include <set>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr std::array<std::string_view, 4> wanted = {"@method", "@authority", "@path", "@query"};
constexpr std::size_t header_bytes_max = 1'024;

Error malformed(const char* what) { return {ErrorCode::malformed, what}; }

/// Reads a text from left to right.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  bool take(std::string_view expected) {
    if (!rest_.starts_with(expected)) return false;
    rest_.remove_prefix(expected.size());
    return true;
  }
  /// Small letters, digits and "_-.*", as keys of RFC 8941 have them.
  std::string_view take_key() {
    return take_while([](char letter) {
      return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
             letter == '_' || letter == '-' || letter == '.' || letter == '*';
    });
  }
  std::string_view take_digits() {
    return take_while([](char letter) { return letter >= '0' && letter <= '9'; });
  }
  /// What stands in quotes; nothing when there are none, or a backslash or a control character.
  std::optional<std::string_view> take_quoted() {
    if (!take("\"")) return std::nullopt;
    const std::string_view text = take_while([](char letter) {
      return letter >= ' ' && letter < '\x7F' && letter != '"' && letter != '\\';
    });
    if (!take("\"")) return std::nullopt;
    return text;
  }
  std::string_view rest() const { return rest_; }

 private:
  template <class Predicate>
  std::string_view take_while(Predicate belongs) {
    const auto end = std::find_if_not(rest_.begin(), rest_.end(), belongs);
    const std::string_view taken = rest_.substr(0, static_cast<std::size_t>(end - rest_.begin()));
    rest_.remove_prefix(taken.size());
    return taken;
  }

  std::string_view rest_;
};

Result<void> read_components(Reader& reader, MessageSignature& read) {
  if (!reader.take("(")) return malformed("Signature-Input: no list of components");
  for (bool is_first = true; !reader.take(")"); is_first = false) {
    if (!is_first && !reader.take(" ")) return malformed("Signature-Input: no list of components");
    const std::optional<std::string_view> component = reader.take_quoted();
    if (!component || std::ranges::count(wanted, *component) == 0) {
      return malformed("Signature-Input: covers @method, @authority, @path and @query, no other");
    }
    if (std::ranges::count(read.components, *component) > 0) {
      return malformed("Signature-Input: a component comes twice");
    }
    read.components.emplace_back(*component);
  }
  if (read.components.size() != wanted.size()) {
    return malformed("Signature-Input: must cover @method, @authority, @path and @query");
  }
  return {};
}

Result<void> read_parameters(Reader& reader, MessageSignature& read) {
  std::set<std::string> known;
  bool has_created = false;
  while (reader.take(";")) {
    const std::string name(reader.take_key());
    if (name.empty() || !reader.take("=")) return malformed("Signature-Input: no parameter");
    if (!known.insert(name).second) return malformed("Signature-Input: a parameter comes twice");
    if (name == "created" || name == "expires") {
      const std::string_view digits = reader.take_digits();
      const std::optional<std::uint64_t> seconds = read_number(digits);
      // RFC 8941 3.3.1: an integer has at most 15 digits.
      if (!seconds || digits.size() > 15) return malformed("Signature-Input: not a time");
      if (name == "expires") read.expires = *seconds;
      if (name == "created") read.created = *seconds;
      has_created = has_created || name == "created";
      continue;
    }
    const std::optional<std::string_view> text = reader.take_quoted();
    if (!text) return malformed("Signature-Input: a parameter without its value");
    if (name == "keyid") {
      read.key = std::string(*text);
    } else if (name == "alg") {
      if (*text != "ed25519") return malformed("Signature-Input: alg is ed25519");
    } else if (name != "nonce" && name != "tag") {
      return malformed("Signature-Input: an unknown parameter");
    }
  }
  if (!reader.rest().empty()) return malformed("Signature-Input: more than one signature");
  if (!has_created || read.key.empty()) return malformed("Signature-Input: created and keyid");
  return {};
}

std::string normal_authority(std::string_view authority) {
  for (const std::string_view port : {":443", ":80"}) {
    if (authority.ends_with(port)) {
      authority.remove_suffix(port.size());
      break;
    }
  }
  std::string normal(authority);
  for (char& letter : normal) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return normal;
}

std::string value_of(std::string_view component, const ApiRequest& request) {
  if (component == "@method") return request.method;
  if (component == "@authority") return normal_authority(request.authority);
  if (component == "@path") return std::string(path_of(request.target));
  return query_of(request.target);
}

}  // namespace

Result<MessageSignature> read_signature(std::string_view input, std::string_view signature) {
  if (input.size() > header_bytes_max || signature.size() > header_bytes_max) {
    return malformed("Signature-Input and Signature have at most 1024 bytes");
  }
  Reader reader(input);
  const std::string label(reader.take_key());
  if (label.empty() || !reader.take("=")) return malformed("Signature-Input: no label");
  MessageSignature read;
  read.parameters = std::string(reader.rest());
  if (Result<void> components = read_components(reader, read); !components) {
    return components.error();
  }
  if (Result<void> parameters = read_parameters(reader, read); !parameters) {
    return parameters.error();
  }
  Reader signed_part(signature);
  if (!signed_part.take(label + "=:") || !signed_part.rest().ends_with(':')) {
    return malformed("Signature: not a signature of that label");
  }
  std::string_view text = signed_part.rest();
  text.remove_suffix(1);
  const Result<events::Bytes> bytes = events::from_base64(text);
  if (!bytes || bytes->size() != read.signature.bytes.size()) {
    return malformed("Signature: not 64 bytes in base 64");
  }
  std::ranges::copy(*bytes, read.signature.bytes.begin());
  return read;
}

std::string signature_base(const MessageSignature& signature, const ApiRequest& request) {
  std::string base;
  for (const std::string& component : signature.components) {
    base += '"' + component + "\": " + value_of(component, request) + '\n';
  }
  return base + "\"@signature-params\": " + signature.parameters;
}

}  // namespace server
