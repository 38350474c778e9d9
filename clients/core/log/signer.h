#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/signature.h"

namespace clients {

/// The key of a chain as a device keeps it: the seed, or the public half of a pair whose secret
/// half a browser holds and gives to nobody.
struct DeviceKey {
  events::SecretSeed seed;        ///< All 0 where a browser holds the secret.
  events::PublicKey browser_key;  ///< Of the pair that a browser holds; otherwise all 0.

  DeviceKey() = default;
  DeviceKey(const events::SecretSeed& known) : seed(known) {}  // NOLINT: a seed is a key.
  explicit DeviceKey(const events::PublicKey& held) : browser_key(held) {}

  bool is_none() const { return *this == DeviceKey{}; }
  bool operator==(const DeviceKey&) const = default;
};

/// Signs as the owner of one Ed25519 key, wherever its secret is.
///
/// Thread: one at a time.
class Signer {
 public:
  virtual ~Signer() = default;

  virtual events::PublicKey public_key() const = 0;
  /// Errors:  needs_signature: whoever holds the key has to sign first; what was asked for is
  /// known,
  ///          and the caller asks again for the same message.
  virtual events::Result<events::Signature> sign(events::ByteView message) const = 0;
  /// Whether the same message always gets the same signature.  Otherwise each signature that others
  /// may see twice is kept, so that they see the same one.
  virtual bool is_repeatable() const = 0;
};

/// Signs with a seed that is at hand.
class SeedSigner final : public Signer {
 public:
  explicit SeedSigner(const events::SecretSeed& seed) : key_(events::SigningKey::from_seed(seed)) {}

  events::PublicKey public_key() const override { return key_.public_key(); }
  events::Result<events::Signature> sign(events::ByteView message) const override {
    return key_.sign(message);
  }
  bool is_repeatable() const override { return true; }

 private:
  events::SigningKey key_;
};

}  // namespace clients
