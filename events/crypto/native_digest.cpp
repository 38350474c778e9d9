#include "events/check.h"
#include "events/crypto/digest.h"

#include <openssl/evp.h>

namespace events {
namespace {

// Fetched once: a look-up by name for each digest halves the speed.  Never freed, so that digests
// work in destructors of other statics too.
const EVP_MD* sha256_algorithm() {
  static const EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  CHECK(algorithm != nullptr, "OpenSSL's default provider contains SHA-256");
  return algorithm;
}

Sha256& hasher_of_this_thread() {
  thread_local Sha256 hasher;
  return hasher;
}

}  // namespace

struct Sha256::Context {
  Context() {
    CHECK(evp != nullptr, "a small allocation succeeds");
    restart();
  }
  ~Context() { EVP_MD_CTX_free(evp); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  void restart() const {
    CHECK(EVP_DigestInit_ex2(evp, sha256_algorithm(), nullptr) == 1, "SHA-256 takes no options");
  }

  EVP_MD_CTX* evp = EVP_MD_CTX_new();
};

void Sha256::FreeContext::operator()(Context* context) const { delete context; }

Sha256::Sha256() : context_(new Context) {}

void Sha256::add(ByteView bytes) {
  CHECK(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()) == 1,
        "SHA-256 accepts any bytes");
}

Digest Sha256::finish() {
  Digest digest;
  CHECK(EVP_DigestFinal_ex(context_->evp, digest.bytes.data(), nullptr) == 1,
        "the context was started and not yet finished");
  context_->restart();
  return digest;
}

Digest sha256(ByteView bytes) {
  Sha256& hasher = hasher_of_this_thread();
  hasher.add(bytes);
  return hasher.finish();
}

Digest sha256(ByteView first, ByteView second) {
  Sha256& hasher = hasher_of_this_thread();
  hasher.add(first);
  hasher.add(second);
  return hasher.finish();
}

}  // namespace events
