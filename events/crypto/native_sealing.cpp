#include "events/base/check.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <limits>
#include <memory>
#include <vector>

namespace events {
namespace {

struct FreeOpenssl {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
  void operator()(EVP_KDF* kdf) const { EVP_KDF_free(kdf); }
  void operator()(EVP_KDF_CTX* context) const { EVP_KDF_CTX_free(context); }
  void operator()(EVP_CIPHER_CTX* context) const { EVP_CIPHER_CTX_free(context); }
};

template <class T>
using Owned = std::unique_ptr<T, FreeOpenssl>;

Owned<EVP_PKEY> load(const SealingSecret& secret) {
  Owned<EVP_PKEY> key{EVP_PKEY_new_raw_private_key(EVP_PKEY_X25519, nullptr, secret.bytes.data(),
                                                   secret.bytes.size())};
  CHECK(key != nullptr, "any 32 bytes are an X25519 secret");
  return key;
}

/// OpenSSL counts in int; nothing here is longer than a block of a bundle.
int length_of(ByteView bytes) {
  CHECK(bytes.size() <= std::numeric_limits<int>::max(), "blocks are short");
  return static_cast<int>(bytes.size());
}

OSSL_PARAM octets(const char* name, ByteView bytes) {
  // The parameter is only read; OpenSSL's own constructor takes no const.
  return OSSL_PARAM_construct_octet_string(name, const_cast<std::uint8_t*>(bytes.data()),
                                           bytes.size());
}

Owned<EVP_CIPHER_CTX> new_cipher_context() {
  Owned<EVP_CIPHER_CTX> context{EVP_CIPHER_CTX_new()};
  CHECK(context != nullptr, "a small allocation succeeds");
  return context;
}

}  // namespace

SealingKey sealing_key_of(const SealingSecret& secret) {
  const Owned<EVP_PKEY> key = load(secret);
  SealingKey result;
  std::size_t size = result.bytes.size();
  const int read = EVP_PKEY_get_raw_public_key(key.get(), result.bytes.data(), &size);
  CHECK(read == 1 && size == result.bytes.size(), "an X25519 public key has 32 bytes");
  return result;
}

std::uint64_t sealing_key_id(const SealingKey& key) {
  const Digest digest = sha256(key.bytes);
  std::uint64_t id = 0;
  for (std::size_t index = 0; index < sizeof(id); ++index) id = (id << 8U) | digest.bytes[index];
  return id;
}

Result<SharedSecret> agree(const SealingSecret& own, const SealingKey& other) {
  const Owned<EVP_PKEY> key = load(own);
  const Owned<EVP_PKEY> peer{EVP_PKEY_new_raw_public_key(EVP_PKEY_X25519, nullptr,
                                                         other.bytes.data(), other.bytes.size())};
  const Owned<EVP_PKEY_CTX> context{EVP_PKEY_CTX_new(key.get(), nullptr)};
  CHECK(peer != nullptr && context != nullptr, "any 32 bytes are an X25519 public key");
  SharedSecret shared{};
  std::size_t size = shared.size();
  const bool agreed = EVP_PKEY_derive_init(context.get()) == 1 &&
                      EVP_PKEY_derive_set_peer(context.get(), peer.get()) == 1 &&
                      EVP_PKEY_derive(context.get(), shared.data(), &size) == 1;
  if (agreed && size == shared.size()) return shared;
  ERR_clear_error();
  return Error{ErrorCode::malformed, "unsound X25519 public key"};
}

Bytes hkdf_sha256(ByteView secret, ByteView salt, ByteView info, std::size_t size) {
  const Owned<EVP_KDF> kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  CHECK(kdf != nullptr, "OpenSSL 3 has HKDF");
  const Owned<EVP_KDF_CTX> context{EVP_KDF_CTX_new(kdf.get())};
  CHECK(context != nullptr, "a small allocation succeeds");
  char digest[] = "SHA256";
  // OpenSSL does not take an empty salt or purpose; leaving them out means the same.
  std::vector<OSSL_PARAM> parameters{
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
      octets(OSSL_KDF_PARAM_KEY, secret)};
  if (!salt.empty()) parameters.push_back(octets(OSSL_KDF_PARAM_SALT, salt));
  if (!info.empty()) parameters.push_back(octets(OSSL_KDF_PARAM_INFO, info));
  parameters.push_back(OSSL_PARAM_construct_end());
  Bytes derived(size);
  const int made = EVP_KDF_derive(context.get(), derived.data(), derived.size(), parameters.data());
  CHECK(made == 1, "callers ask for 1 to 8,160 bytes");
  return derived;
}

Bytes aead_seal(const SharedSecret& key, const AeadNonce& nonce, ByteView associated,
                ByteView plain) {
  const Owned<EVP_CIPHER_CTX> context = new_cipher_context();
  Bytes sealed(plain.size() + aead_tag_bytes);
  int size = 0;
  const bool done =
      EVP_EncryptInit_ex2(context.get(), EVP_chacha20_poly1305(), key.data(), nonce.data(),
                          nullptr) == 1 &&
      (associated.empty() || EVP_EncryptUpdate(context.get(), nullptr, &size, associated.data(),
                                               length_of(associated)) == 1) &&
      (plain.empty() || EVP_EncryptUpdate(context.get(), sealed.data(), &size, plain.data(),
                                          length_of(plain)) == 1) &&
      EVP_EncryptFinal_ex(context.get(), sealed.data() + plain.size(), &size) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, aead_tag_bytes,
                          sealed.data() + plain.size()) == 1;
  CHECK(done, "a stream cipher takes bytes of any length");
  return sealed;
}

Result<Bytes> aead_open(const SharedSecret& key, const AeadNonce& nonce, ByteView associated,
                        ByteView sealed) {
  const Error changed{ErrorCode::bad_signature, "sealed bytes were changed, or are another's"};
  if (sealed.size() < aead_tag_bytes) return changed;
  const ByteView body = sealed.first(sealed.size() - aead_tag_bytes);
  Bytes tag(sealed.begin() + static_cast<std::ptrdiff_t>(body.size()), sealed.end());
  const Owned<EVP_CIPHER_CTX> context = new_cipher_context();
  Bytes plain(body.size());
  std::array<std::uint8_t, 1> nothing{};  // OpenSSL wants a place to write no bytes to.
  int size = 0;
  const bool ready =
      EVP_DecryptInit_ex2(context.get(), EVP_chacha20_poly1305(), key.data(), nonce.data(),
                          nullptr) == 1 &&
      EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, aead_tag_bytes, tag.data()) == 1 &&
      (associated.empty() || EVP_DecryptUpdate(context.get(), nullptr, &size, associated.data(),
                                               length_of(associated)) == 1) &&
      (body.empty() ||
       EVP_DecryptUpdate(context.get(), plain.data(), &size, body.data(), length_of(body)) == 1);
  CHECK(ready, "a stream cipher takes bytes of any length");
  if (EVP_DecryptFinal_ex(context.get(), nothing.data(), &size) == 1) return plain;
  ERR_clear_error();
  return changed;
}

}  // namespace events
