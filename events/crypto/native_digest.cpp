#include "events/crypto/sha256_state.h"

// OpenSSL 3 calls these functions old, and has no others without a look-up and a context on the
// heap: its EVP interface costs 0.1 µs a digest more, and the log thread makes three an event.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

#include <new>

namespace events {
namespace {

template <std::size_t size>
SHA256_CTX* openssl(std::array<std::byte, size>& state) {
  static_assert(sizeof(SHA256_CTX) <= size && alignof(SHA256_CTX) <= alignof(std::uint64_t));
  return std::launder(reinterpret_cast<SHA256_CTX*>(state.data()));
}

}  // namespace

// These functions fail for no input.
Sha256State::Sha256State() { SHA256_Init(openssl(library_)); }

void Sha256State::add(ByteView bytes) {
  SHA256_Update(openssl(library_), bytes.data(), bytes.size());
}

Digest Sha256State::finish() {
  Digest digest;
  SHA256_Final(digest.bytes.data(), openssl(library_));
  return digest;
}

}  // namespace events
