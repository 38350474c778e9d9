#include "events/crypto/sha256_state.h"

#include <sodium/crypto_hash_sha256.h>

#include <new>

namespace events {
namespace {

template <std::size_t size>
crypto_hash_sha256_state* sodium(std::array<std::byte, size>& state) {
  using State = crypto_hash_sha256_state;
  static_assert(sizeof(State) <= size && alignof(State) <= alignof(std::uint64_t));
  return std::launder(reinterpret_cast<State*>(state.data()));
}

}  // namespace

// These functions fail for no input.
Sha256State::Sha256State() { crypto_hash_sha256_init(sodium(library_)); }

void Sha256State::add(ByteView bytes) {
  crypto_hash_sha256_update(sodium(library_), bytes.data(), bytes.size());
}

Digest Sha256State::finish() {
  Digest digest;
  crypto_hash_sha256_final(sodium(library_), digest.bytes.data());
  return digest;
}

}  // namespace events
