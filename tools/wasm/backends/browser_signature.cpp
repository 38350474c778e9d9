#include "events/crypto/public_key_check.h"
#include "events/crypto/signature.h"

#include <sodium/crypto_sign_ed25519.h>

#include <array>

namespace events {

struct SigningKey::Loaded {
  std::array<std::uint8_t, crypto_sign_ed25519_SECRETKEYBYTES> secret;
};

void SigningKey::FreeLoaded::operator()(Loaded* loaded) const { delete loaded; }

SigningKey::SigningKey(std::unique_ptr<Loaded, FreeLoaded> loaded) : loaded_(std::move(loaded)) {}

SigningKey SigningKey::from_seed(const SecretSeed& seed) {
  SigningKey key(std::unique_ptr<Loaded, FreeLoaded>(new Loaded{}));
  crypto_sign_ed25519_seed_keypair(key.public_key_.bytes.data(), key.loaded_->secret.data(),
                                   seed.bytes.data());
  return key;
}

Signature SigningKey::sign(ByteView message) const {
  Signature signature;
  crypto_sign_ed25519_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                               loaded_->secret.data());
  return signature;
}

struct VerifyingKey::Loaded {
  PublicKey key;
};

void VerifyingKey::FreeLoaded::operator()(Loaded* loaded) const { delete loaded; }

VerifyingKey::VerifyingKey(std::unique_ptr<Loaded, FreeLoaded> loaded)
    : loaded_(std::move(loaded)) {}

Result<VerifyingKey> VerifyingKey::load(const PublicKey& key) {
  if (!is_sound(key)) return Error{ErrorCode::malformed, "unsound Ed25519 public key"};
  return VerifyingKey(std::unique_ptr<Loaded, FreeLoaded>(new Loaded{key}));
}

bool VerifyingKey::verify(ByteView message, const Signature& signature) const {
  return is_sound(signature) &&
         crypto_sign_ed25519_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                             loaded_->key.bytes.data()) == 0;
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  const Result<VerifyingKey> loaded = VerifyingKey::load(key);
  return loaded && loaded->verify(message, signature);
}

}  // namespace events
