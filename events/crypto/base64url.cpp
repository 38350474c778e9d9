#include "events/crypto/base64url.h"

#include "events/base/check.h"
#include "events/base/ranges.h"

#include <openssl/evp.h>

#include <algorithm>

namespace events {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Characters that are missing to a whole group of four.
std::size_t padding_of(std::size_t length) { return (4 - length % 4) % 4; }

}  // namespace

std::string to_base64url(ByteView bytes) {
  std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');  // And a last 0.
  const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), bytes.data(),
                                     static_cast<int>(bytes.size()));
  CHECK(length >= 0, "bytes have a text");
  text.resize(static_cast<std::size_t>(length));
  text.erase(ranges::find(text, '='), text.end());
  ranges::replace(text, '+', '-');
  ranges::replace(text, '/', '_');
  return text;
}

Result<Bytes> from_base64url(std::string_view text) {
  const Error wrong{ErrorCode::malformed, "not base64url"};
  if (text.find_first_not_of(alphabet) != std::string_view::npos || text.size() % 4 == 1) {
    return wrong;
  }
  const std::size_t padding = padding_of(text.size());
  std::string padded(text);
  ranges::replace(padded, '-', '+');
  ranges::replace(padded, '_', '/');
  padded.append(padding, '=');
  Bytes bytes(padded.size() / 4 * 3);
  const int length =
      EVP_DecodeBlock(bytes.data(), reinterpret_cast<const unsigned char*>(padded.data()),
                      static_cast<int>(padded.size()));
  if (length < 0) return wrong;
  bytes.resize(static_cast<std::size_t>(length) - padding);
  // Bits that no byte has must be 0: each text has one form.
  if (to_base64url(bytes) != text) return wrong;
  return bytes;
}

}  // namespace events
