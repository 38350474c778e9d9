#include "events/base/check.h"
#include "events/base/ranges.h"
#include "events/crypto/secret_key.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <algorithm>
#include <memory>

namespace events {
namespace {

constexpr int tag_size = 16;

struct FreeCipher {
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};
using Cipher = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

Cipher start(const SecretKey& key, const std::uint8_t* nonce, ByteView about, bool sealing) {
  Cipher context(EVP_CIPHER_CTX_new());
  CHECK(context != nullptr, "memory for a cipher is there");
  int written = 0;
  const bool ready = EVP_CipherInit_ex(context.get(), EVP_chacha20_poly1305(), nullptr,
                                       key.bytes().data(), nonce, sealing ? 1 : 0) == 1 &&
                     EVP_CipherUpdate(context.get(), nullptr, &written, about.data(),
                                      static_cast<int>(about.size())) == 1;
  CHECK(ready, "OpenSSL 3 always has ChaCha20-Poly1305");
  return context;
}

}  // namespace

void wipe(std::span<std::uint8_t> bytes) { OPENSSL_cleanse(bytes.data(), bytes.size()); }

SecretKey::SecretKey(std::span<const std::uint8_t, size> bytes) : bytes_{} {
  ranges::copy(bytes, bytes_.begin());
}

Bytes seal(const SecretKey& key, const SealNonce& nonce, ByteView text, ByteView about) {
  const Cipher context = start(key, nonce.data(), about, true);
  Bytes sealed(nonce.size() + text.size() + tag_size);
  ranges::copy(nonce, sealed.begin());
  std::uint8_t* const body = sealed.data() + nonce.size();
  int written = 0;
  const bool done =
      EVP_CipherUpdate(context.get(), body, &written, text.data(), static_cast<int>(text.size())) ==
          1 &&
      EVP_CipherFinal_ex(context.get(), body + text.size(), &written) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, body + text.size()) == 1;
  CHECK(done, "sealing bytes in memory cannot fail");
  return sealed;
}

Result<Bytes> open_sealed(const SecretKey& key, ByteView sealed, ByteView about) {
  const Error wrong{ErrorCode::malformed, "sealed bytes do not open with this key"};
  if (sealed.size() < seal_overhead) return wrong;
  const Cipher context = start(key, sealed.data(), about, false);
  const ByteView body = sealed.subspan(sizeof(SealNonce), sealed.size() - seal_overhead);
  std::array<std::uint8_t, tag_size> tag{};
  ranges::copy(sealed.last(tag_size), tag.begin());
  Bytes text(body.size() + 1);  // Never of size 0, so that data() is a place.
  int written = 0;
  const bool genuine =
      EVP_CipherUpdate(context.get(), text.data(), &written, body.data(),
                       static_cast<int>(body.size())) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1 &&
      EVP_CipherFinal_ex(context.get(), text.data() + body.size(), &written) == 1;
  if (!genuine) {
    wipe(text);
    return wrong;
  }
  text.pop_back();
  return text;
}

}  // namespace events
