#include "events/crypto/digest.h"

#include "events/crypto/sha256_state.h"

namespace events {

struct Sha256::Context {
  Sha256State state;
};

void Sha256::FreeContext::operator()(Context* context) const { delete context; }

Sha256::Sha256() : context_(new Context) {}

void Sha256::add(ByteView bytes) { context_->state.add(bytes); }

Digest Sha256::finish() {
  const Digest digest = context_->state.finish();
  context_->state = Sha256State();
  return digest;
}

Digest sha256(ByteView bytes) {
  Sha256State state;
  state.add(bytes);
  return state.finish();
}

Digest sha256(ByteView first, ByteView second) {
  Sha256State state;
  state.add(first);
  state.add(second);
  return state.finish();
}

}  // namespace events
