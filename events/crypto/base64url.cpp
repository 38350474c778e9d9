#include "events/crypto/base64url.h"

#include <cstddef>
#include <cstdint>

namespace events {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::string to_base64url(ByteView bytes) {
  std::string text;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const std::uint8_t byte : bytes) {
    bits = bits << 8U | byte;
    for (count += 8; count >= 6; count -= 6) text.push_back(alphabet[bits >> (count - 6) & 63U]);
  }
  if (count > 0) text.push_back(alphabet[bits << (6 - count) & 63U]);
  return text;
}

Result<Bytes> from_base64url(std::string_view text) {
  Bytes bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char letter : text) {
    const std::size_t value = alphabet.find(letter);
    if (value == std::string_view::npos) return Error{ErrorCode::malformed, "not base64url"};
    bits = bits << 6U | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  // What is left over is less than a letter, and zero: each byte string has one text.
  const bool is_whole = count < 6 && (bits & ((1U << count) - 1U)) == 0;
  if (!is_whole) return Error{ErrorCode::malformed, "not base64url"};
  return bytes;
}

}  // namespace events
