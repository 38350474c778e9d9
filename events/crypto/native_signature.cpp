#include "events/base/check.h"
#include "events/crypto/public_key_check.h"
#include "events/crypto/signature.h"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstddef>
#include <utility>

namespace events {
namespace {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
};

using Key = std::unique_ptr<EVP_PKEY, FreeOpenssl>;
using Context = std::unique_ptr<EVP_MD_CTX, FreeOpenssl>;

Context new_context() {
  Context context{EVP_MD_CTX_new()};
  CHECK(context != nullptr, "a small allocation succeeds");
  return context;
}

PublicKey public_key_of(const Key& key) {
  PublicKey result;
  std::size_t size = result.bytes.size();
  const int read = EVP_PKEY_get_raw_public_key(key.get(), result.bytes.data(), &size);
  CHECK(read == 1 && size == result.bytes.size(), "an Ed25519 public key has 32 bytes");
  return result;
}

}  // namespace

struct SigningKey::Loaded {
  Key key;
};

void SigningKey::FreeLoaded::operator()(Loaded* loaded) const { delete loaded; }

SigningKey::SigningKey(std::unique_ptr<Loaded, FreeLoaded> loaded)
    : loaded_(std::move(loaded)), public_key_(public_key_of(loaded_->key)) {}

SigningKey SigningKey::from_seed(const SecretSeed& seed) {
  Key key{EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nullptr, seed.bytes.data(),
                                       seed.bytes.size())};
  CHECK(key != nullptr, "any 32 bytes are an Ed25519 seed");
  return SigningKey(std::unique_ptr<Loaded, FreeLoaded>(new Loaded{std::move(key)}));
}

Signature SigningKey::sign(ByteView message) const {
  const Context context = new_context();
  const int begun =
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, loaded_->key.get());
  CHECK(begun == 1, "the key is an Ed25519 key");

  Signature signature;
  std::size_t size = signature.bytes.size();
  const int made =
      EVP_DigestSign(context.get(), signature.bytes.data(), &size, message.data(), message.size());
  CHECK(made == 1 && size == signature.bytes.size(), "an Ed25519 signature has 64 bytes");
  return signature;
}

struct VerifyingKey::Loaded {
  Key key;
};

void VerifyingKey::FreeLoaded::operator()(Loaded* loaded) const { delete loaded; }

VerifyingKey::VerifyingKey(std::unique_ptr<Loaded, FreeLoaded> loaded)
    : loaded_(std::move(loaded)) {}

Result<VerifyingKey> VerifyingKey::load(const PublicKey& key) {
  if (!is_sound(key)) return Error{ErrorCode::malformed, "unsound Ed25519 public key"};

  Key loaded{
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.bytes.data(), key.bytes.size())};
  if (loaded == nullptr) {
    ERR_clear_error();
    return Error{ErrorCode::malformed, "not an Ed25519 public key"};
  }
  return VerifyingKey(std::unique_ptr<Loaded, FreeLoaded>(new Loaded{std::move(loaded)}));
}

bool VerifyingKey::verify(ByteView message, const Signature& signature) const {
  if (!is_sound(signature)) return false;
  const Context context = new_context();
  const int begun =
      EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, loaded_->key.get());
  CHECK(begun == 1, "the key is an Ed25519 key");

  const int verified = EVP_DigestVerify(context.get(), signature.bytes.data(),
                                        signature.bytes.size(), message.data(), message.size());
  // A refusal must not stay in the thread's error queue, where TLS would take it for its own.
  if (verified != 1) ERR_clear_error();
  return verified == 1;
}

bool verify(const PublicKey& key, ByteView message, const Signature& signature) {
  const Result<VerifyingKey> loaded = VerifyingKey::load(key);
  return loaded && loaded->verify(message, signature);
}

}  // namespace events
