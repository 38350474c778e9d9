#include "events/crypto/key_fingerprint.h"

#include "events/crypto/digest.h"

#include <cstdint>
#include <string_view>

namespace events {

std::string key_fingerprint(const PublicKey& log_key) {
  constexpr std::string_view base32_letters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  constexpr std::size_t letter_bits = 5;
  static_assert(key_fingerprint_length * letter_bits <= 64);
  const Digest digest = sha256(bytes_of("khuyenhoc-log-key-1"), log_key.bytes);
  std::uint64_t bits = 0;
  for (std::size_t index = 0; index < 8; ++index) bits = bits << 8U | digest.bytes[index];
  std::string fingerprint;
  for (std::size_t letter = 1; letter <= key_fingerprint_length; ++letter) {
    fingerprint.push_back(base32_letters[bits >> (64 - letter * letter_bits) & 31U]);
  }
  return fingerprint;
}

}  // namespace events
