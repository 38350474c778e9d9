#include "events/proofs/signed_note.h"

#include "events/base/ranges.h"
#include "events/crypto/base64url.h"
#include "events/crypto/digest.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace events {
namespace {

constexpr std::uint8_t ed25519_type = 1;
constexpr std::size_t key_id_bytes = 4;
constexpr std::string_view signature_mark = "\u2014 ";
constexpr std::size_t lines_max = 16;

/// The first bytes of SHA-256(name ‖ LF ‖ type ‖ key).
Bytes key_id(std::string_view name, const PublicKey& key) {
  Bytes named(name.begin(), name.end());
  named.push_back('\n');
  named.push_back(ed25519_type);
  append_bytes(named, key.bytes);
  const Digest digest = sha256(named);
  return {digest.bytes.begin(), digest.bytes.begin() + key_id_bytes};
}

/// The signature that a line of `name` carries; nothing for another name or key.
std::optional<Signature> signature_in(std::string_view line, std::string_view name,
                                      const PublicKey& key) {
  if (!line.starts_with(signature_mark)) return std::nullopt;
  line.remove_prefix(signature_mark.size());
  const std::size_t blank = line.rfind(' ');
  if (blank == std::string_view::npos || line.substr(0, blank) != name) return std::nullopt;
  const Result<Bytes> bytes = from_base64(line.substr(blank + 1));
  Signature signature;
  if (!bytes || bytes->size() != key_id_bytes + signature.bytes.size()) return std::nullopt;
  if (!ranges::equal(key_id(name, key), ByteView(*bytes).first(key_id_bytes))) {
    return std::nullopt;
  }
  ranges::copy(ByteView(*bytes).subspan(key_id_bytes), signature.bytes.begin());
  return signature;
}

}  // namespace

std::string to_base64(ByteView bytes) {
  std::string text = to_base64url(bytes);
  ranges::replace(text, '-', '+');
  ranges::replace(text, '_', '/');
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

Result<Bytes> from_base64(std::string_view text) {
  const Error wrong{ErrorCode::malformed, "not base64"};
  if (text.size() % 4 != 0 || text.find_first_of("-_") != std::string_view::npos) return wrong;
  std::string url(text.substr(0, text.find_last_not_of('=') + 1));
  if (text.size() - url.size() > 2) return wrong;
  ranges::replace(url, '+', '-');
  ranges::replace(url, '/', '_');
  return from_base64url(url);
}

std::string sign_note(std::string_view text, std::string_view name, const SigningKey& key) {
  Bytes signed_bytes = key_id(name, key.public_key());
  append_bytes(signed_bytes, key.sign(bytes_of(text)).bytes);
  std::string note(text);
  note.append("\n").append(signature_mark).append(name).append(" ");
  return note.append(to_base64(signed_bytes)).append("\n");
}

Result<std::string> verify_note(std::string_view note, std::string_view name,
                                const PublicKey& key) {
  const std::size_t gap = note.rfind("\n\n");
  if (gap == std::string_view::npos || !note.ends_with('\n')) {
    return Error{ErrorCode::malformed, "not a signed note"};
  }
  const std::string_view text = note.substr(0, gap + 1);
  std::string_view rest = note.substr(gap + 2);
  for (std::size_t line = 0; line < lines_max && !rest.empty(); ++line) {
    const std::size_t end = rest.find('\n');
    if (const auto signature = signature_in(rest.substr(0, end), name, key)) {
      if (verify(key, bytes_of(text), *signature)) return std::string(text);
      break;
    }
    rest.remove_prefix(end + 1);
  }
  return Error{ErrorCode::bad_signature, "the note is not signed by the key of its log"};
}

}  // namespace events
