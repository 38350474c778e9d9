#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <array>
#include <cstdint>
#include <memory>

namespace events {

/// An Ed25519 public key, as RFC 8032 encodes it.
struct PublicKey {
  std::array<std::uint8_t, 32> bytes{};

  bool operator==(const PublicKey&) const = default;
};

/// An Ed25519 signature, as RFC 8032 encodes it.
struct Signature {
  std::array<std::uint8_t, 64> bytes{};

  bool operator==(const Signature&) const = default;
};

/// The secret from which an Ed25519 key is derived: 32 bytes that the caller drew at random.  The
/// holder of the seed can sign as the owner of the key, so the seed is never logged or sent.
struct SecretSeed {
  std::array<std::uint8_t, 32> bytes{};

  bool operator==(const SecretSeed&) const = default;
};

/// An Ed25519 key pair, loaded once and used for many signatures.  A moved-from key can only be
/// assigned to or destroyed.
///
/// Thread: any; const functions may run at the same time.
class SigningKey {
 public:
  /// The key of `seed`; the same seed gives the same key everywhere.
  [[nodiscard]] static SigningKey from_seed(const SecretSeed& seed);

  [[nodiscard]] PublicKey public_key() const { return public_key_; }

  /// Signs `message`; the same message always gives the same signature.
  [[nodiscard]] Signature sign(ByteView message) const;

 private:
  struct Loaded;
  struct FreeLoaded {
    void operator()(Loaded* loaded) const;
  };

  explicit SigningKey(std::unique_ptr<Loaded, FreeLoaded> loaded);

  std::unique_ptr<Loaded, FreeLoaded> loaded_;
  PublicKey public_key_;
};

/// An Ed25519 public key, loaded once and used for many verifications.  A moved-from key can only
/// be assigned to or destroyed.
///
/// Thread: any; const functions may run at the same time.
class VerifyingKey {
 public:
  /// Errors: malformed: the key is not canonically encoded, or it is of small order: signatures
  ///         that verify under such a key can be made without any secret.
  [[nodiscard]] static Result<VerifyingKey> load(const PublicKey& key);

  /// Whether the owner of the key signed exactly `message`.
  [[nodiscard]] bool verify(ByteView message, const Signature& signature) const;

 private:
  struct Loaded;
  struct FreeLoaded {
    void operator()(Loaded* loaded) const;
  };

  explicit VerifyingKey(std::unique_ptr<Loaded, FreeLoaded> loaded);

  std::unique_ptr<Loaded, FreeLoaded> loaded_;
};

/// Whether the owner of `key` signed exactly `message`; false for a key that does not load.
[[nodiscard]] bool verify(const PublicKey& key, ByteView message, const Signature& signature);

}  // namespace events
