#include "tests/sim/signature_book.h"

#include "events/crypto/digest.h"
#include "events/crypto/signature.h"

#include <algorithm>
#include <map>
#include <utility>

namespace {

using Secret = std::array<std::uint8_t, 32>;

std::map<Secret, Secret>& secrets_by_public_key() {
  static std::map<Secret, Secret> book;
  return book;
}

events::Signature sign_with(const Secret& secret, events::ByteView message) {
  const events::Digest first = events::sha256(secret, message);
  events::Signature signature;
  std::ranges::copy(first.bytes, signature.bytes.begin());
  std::ranges::copy(secret, signature.bytes.begin() + 32);
  // The second half must not give the secret away, only depend on it.
  for (std::size_t index = 32; index < 64; ++index) {
    signature.bytes[index] = static_cast<std::uint8_t>(signature.bytes[index] ^ 0x5AU);
  }
  const events::Digest second = events::sha256(events::ByteView(signature.bytes));
  std::ranges::copy(second.bytes, signature.bytes.begin() + 32);
  return signature;
}

}  // namespace

namespace sim {

void forget_signatures() { secrets_by_public_key().clear(); }

}  // namespace sim

namespace events {

struct SigningKey::Loaded {
  Secret secret;
};

void SigningKey::FreeLoaded::operator()(Loaded* loaded) const { delete loaded; }

SigningKey::SigningKey(std::unique_ptr<Loaded, FreeLoaded> loaded) : loaded_(std::move(loaded)) {
  public_key_.bytes = sha256(loaded_->secret).bytes;
  secrets_by_public_key().emplace(public_key_.bytes, loaded_->secret);
}

SigningKey SigningKey::from_seed(const SecretSeed& seed) {
  return SigningKey(std::unique_ptr<Loaded, FreeLoaded>(new Loaded{seed.bytes}));
}

Signature SigningKey::sign(ByteView message) const { return sign_with(loaded_->secret, message); }

struct VerifyingKey::Loaded {
  PublicKey key;
};

void VerifyingKey::FreeLoaded::operator()(Loaded* loaded) const { delete loaded; }

VerifyingKey::VerifyingKey(std::unique_ptr<Loaded, FreeLoaded> loaded)
    : loaded_(std::move(loaded)) {}

Result<VerifyingKey> VerifyingKey::load(const PublicKey& key) {
  return VerifyingKey(std::unique_ptr<Loaded, FreeLoaded>(new Loaded{key}));
}

bool VerifyingKey::verify(ByteView message, const Signature& signature) const {
  return events::verify(loaded_->key, message, signature);
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  const auto found = secrets_by_public_key().find(key.bytes);
  return found != secrets_by_public_key().end() && sign_with(found->second, message) == signature;
}

}  // namespace events
