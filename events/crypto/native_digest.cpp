#include "events/crypto/digest.h"

// OpenSSL 3 calls these functions old, and has no others without a look-up and a context on the
// heap: its EVP interface costs 0.1 µs a digest more, and the log thread makes three an event.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/sha.h>

namespace events {
namespace {

/// The state of one digest.  These functions fail for no input.
struct State {
  State() { SHA256_Init(&openssl); }
  void add(ByteView bytes) { SHA256_Update(&openssl, bytes.data(), bytes.size()); }
  Digest finish() {
    Digest digest;
    SHA256_Final(digest.bytes.data(), &openssl);
    return digest;
  }

  SHA256_CTX openssl;
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
