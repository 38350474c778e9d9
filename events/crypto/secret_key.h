#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace events {

/// Overwrites bytes in a way no compiler leaves out.
void wipe(std::span<std::uint8_t> bytes);

/// 32 bytes that open what was sealed with them.  They are overwritten when the key goes.
class SecretKey {
 public:
  static constexpr std::size_t size = 32;

  explicit SecretKey(std::span<const std::uint8_t, size> bytes);
  SecretKey(const SecretKey& other) = default;
  SecretKey& operator=(const SecretKey& other) = default;
  ~SecretKey() { wipe(bytes_); }

  std::span<const std::uint8_t, size> bytes() const { return bytes_; }

 private:
  std::array<std::uint8_t, size> bytes_;
};

using SealNonce = std::array<std::uint8_t, 12>;
/// What a seal adds: the nonce in front and the tag behind.
inline constexpr std::size_t seal_overhead = 12 + 16;

/// ChaCha20-Poly1305 (RFC 8439): nonce ‖ ciphertext ‖ tag.  `about` is bound to it and not in it.
///
/// Expects: the nonce is drawn at random, or never used with this key before.
[[nodiscard]] Bytes seal(const SecretKey& key, const SealNonce& nonce, ByteView text,
                         ByteView about);
/// Errors:  malformed: another key, another `about`, or altered bytes; nobody can say which.
[[nodiscard]] Result<Bytes> open_sealed(const SecretKey& key, ByteView sealed, ByteView about);

}  // namespace events
