#include "events/base/check.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"

#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/crypto_scalarmult_curve25519.h>

#include <algorithm>

namespace events {

SealingKey sealing_key_of(const SealingSecret& secret) {
  SealingKey key;
  crypto_scalarmult_curve25519_base(key.bytes.data(), secret.bytes.data());
  return key;
}

std::uint64_t sealing_key_id(const SealingKey& key) {
  const Digest digest = sha256(key.bytes);
  std::uint64_t id = 0;
  for (std::size_t index = 0; index < sizeof(id); ++index) id = (id << 8U) | digest.bytes[index];
  return id;
}

Result<SharedSecret> agree(const SealingSecret& own, const SealingKey& other) {
  SharedSecret shared{};
  if (crypto_scalarmult_curve25519(shared.data(), own.bytes.data(), other.bytes.data()) != 0) {
    return Error{ErrorCode::malformed, "unsound X25519 public key"};
  }
  return shared;
}

Bytes hkdf_sha256(ByteView secret, ByteView salt, ByteView info, std::size_t size) {
  using Mac = std::array<std::uint8_t, crypto_auth_hmacsha256_BYTES>;
  crypto_auth_hmacsha256_state state;
  Mac extracted{};
  crypto_auth_hmacsha256_init(&state, salt.data(), salt.size());
  crypto_auth_hmacsha256_update(&state, secret.data(), secret.size());
  crypto_auth_hmacsha256_final(&state, extracted.data());

  Bytes derived;
  Mac block{};
  for (std::uint8_t count = 1; derived.size() < size; ++count) {
    crypto_auth_hmacsha256_init(&state, extracted.data(), extracted.size());
    if (count > 1) crypto_auth_hmacsha256_update(&state, block.data(), block.size());
    crypto_auth_hmacsha256_update(&state, info.data(), info.size());
    crypto_auth_hmacsha256_update(&state, &count, 1);
    crypto_auth_hmacsha256_final(&state, block.data());
    derived.insert(derived.end(), block.begin(), block.end());
  }
  derived.resize(size);
  return derived;
}

Bytes aead_seal(const SharedSecret& key, const AeadNonce& nonce, ByteView associated,
                ByteView plain) {
  Bytes sealed(plain.size() + aead_tag_bytes);
  crypto_aead_chacha20poly1305_ietf_encrypt(sealed.data(), nullptr, plain.data(), plain.size(),
                                            associated.data(), associated.size(), nullptr,
                                            nonce.data(), key.data());
  return sealed;
}

Result<Bytes> aead_open(const SharedSecret& key, const AeadNonce& nonce, ByteView associated,
                        ByteView sealed) {
  const Error changed{ErrorCode::bad_signature, "sealed bytes were changed, or are another's"};
  if (sealed.size() < aead_tag_bytes) return changed;
  Bytes plain(sealed.size() - aead_tag_bytes);
  if (crypto_aead_chacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, sealed.data(),
                                                sealed.size(), associated.data(), associated.size(),
                                                nonce.data(), key.data()) != 0) {
    return changed;
  }
  return plain;
}

}  // namespace events
