#include "events/crypto/secret_key.h"

#include <sodium/crypto_aead_chacha20poly1305.h>
#include <sodium/utils.h>

#include <algorithm>

namespace events {

void wipe(std::span<std::uint8_t> bytes) { sodium_memzero(bytes.data(), bytes.size()); }

SecretKey::SecretKey(std::span<const std::uint8_t, size> bytes) : bytes_{} {
  std::copy(bytes.begin(), bytes.end(), bytes_.begin());
}

Bytes seal(const SecretKey& key, const SealNonce& nonce, ByteView text, ByteView about) {
  Bytes sealed(text.size() + seal_overhead);
  std::copy(nonce.begin(), nonce.end(), sealed.begin());
  crypto_aead_chacha20poly1305_ietf_encrypt(sealed.data() + nonce.size(), nullptr, text.data(),
                                            text.size(), about.data(), about.size(), nullptr,
                                            nonce.data(), key.bytes().data());
  return sealed;
}

Result<Bytes> open_sealed(const SecretKey& key, ByteView sealed, ByteView about) {
  const Error wrong{ErrorCode::malformed, "sealed bytes do not open with this key"};
  if (sealed.size() < seal_overhead) return wrong;
  Bytes text(sealed.size() - seal_overhead);
  const ByteView body = sealed.subspan(sizeof(SealNonce));
  if (crypto_aead_chacha20poly1305_ietf_decrypt(text.data(), nullptr, nullptr, body.data(),
                                                body.size(), about.data(), about.size(),
                                                sealed.data(), key.bytes().data()) != 0) {
    return wrong;
  }
  return text;
}

}  // namespace events
