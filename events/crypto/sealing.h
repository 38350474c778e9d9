#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace events {

/// An X25519 public key, as RFC 7748 encodes it: whatever is sealed to it, its owner alone opens.
struct SealingKey {
  std::array<std::uint8_t, 32> bytes{};

  bool operator==(const SealingKey&) const = default;
};

/// The secret half: 32 bytes that the caller drew at random.  It is never logged or sent.
struct SealingSecret {
  std::array<std::uint8_t, 32> bytes{};

  bool operator==(const SealingSecret&) const = default;
};

/// 32 bytes that both sides of an agreement know, or that were derived from them.
using SharedSecret = std::array<std::uint8_t, 32>;

inline constexpr std::size_t aead_tag_bytes = 16;
using AeadNonce = std::array<std::uint8_t, 12>;

[[nodiscard]] SealingKey sealing_key_of(const SealingSecret& secret);

/// First 8 bytes of the key's SHA-256: says for whom something is sealed, without proving it.
[[nodiscard]] std::uint64_t sealing_key_id(const SealingKey& key);

/// X25519, RFC 7748.  The result is not uniform; derive keys from it with `hkdf_sha256`.
/// Errors:  malformed: the other key is of small order, so that everybody knows the result.
[[nodiscard]] Result<SharedSecret> agree(const SealingSecret& own, const SealingKey& other);

/// HKDF with SHA-256, RFC 5869.
/// Expects: 1 ≤ size ≤ 8,160.
[[nodiscard]] Bytes hkdf_sha256(ByteView secret, ByteView salt, ByteView info, std::size_t size);

/// ChaCha20-Poly1305, RFC 8439: the encrypted bytes, and behind them the tag over them and
/// `associated`.
/// Expects: no other message was sealed under this key with this nonce.
[[nodiscard]] Bytes aead_seal(const SharedSecret& key, const AeadNonce& nonce, ByteView associated,
                              ByteView plain);

/// Errors:  bad_signature: the tag does not fit; nothing of the plain text is given out.
[[nodiscard]] Result<Bytes> aead_open(const SharedSecret& key, const AeadNonce& nonce,
                                      ByteView associated, ByteView sealed);

}  // namespace events
