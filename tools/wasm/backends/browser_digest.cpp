#include "events/crypto/digest.h"

#include <sodium/crypto_hash_sha256.h>

namespace events {
namespace {

/// The state of one digest.  These functions fail for no input.
struct State {
  State() { crypto_hash_sha256_init(&sodium); }
  void add(ByteView bytes) { crypto_hash_sha256_update(&sodium, bytes.data(), bytes.size()); }
  Digest finish() {
    Digest digest;
    crypto_hash_sha256_final(&sodium, digest.bytes.data());
    return digest;
  }

  crypto_hash_sha256_state sodium;
};

}  // namespace

struct Sha256::Context {
  State state;
};

void Sha256::FreeContext::operator()(Context* context) const { delete context; }

Sha256::Sha256() : context_(new Context) {}

void Sha256::add(ByteView bytes) { context_->state.add(bytes); }

Digest Sha256::finish() {
  const Digest digest = context_->state.finish();
  context_->state = State();
  return digest;
}

Digest sha256(ByteView bytes) {
  State state;
  state.add(bytes);
  return state.finish();
}

Digest sha256(ByteView first, ByteView second) {
  State state;
  state.add(first);
  state.add(second);
  return state.finish();
}

}  // namespace events
