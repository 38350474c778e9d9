// What a page for readers stands on: it folds a log, judges it again and verifies its proofs.

#include "events/log/block.h"
#include "events/log/event.h"
#include "projections/rules/judge.h"
#include "projections/state/snapshot.h"
#include "projections/verification/block_verifier.h"
#include "projections/views/all_projections.h"

#include <emscripten.h>

namespace {

projections::State state;
projections::Views views;
verification::Report report;
const verification::Progress no_progress;
verification::BlockVerifier* verifier;
events::Bytes answer;

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE std::uint8_t* answer_bytes() { return answer.data(); }
EMSCRIPTEN_KEEPALIVE std::uint32_t answer_size() { return answer.size(); }

/// Folds one stored block; 0: it cannot be read.
EMSCRIPTEN_KEEPALIVE int fold(const std::uint8_t* bytes, std::uint32_t size) {
  auto block = events::decode_stored_block({bytes, size});
  if (!block) return 0;
  const events::ScopeSet scope = block->scope;
  const auto stored = events::stored_events(std::move(*block));
  if (!stored) return 0;
  const projections::State::OnEffect follow = views.on_effect();
  for (const events::StoredEvent& event : *stored) state.apply(event, scope, follow);
  return 1;
}

/// The code of the verdict that the next event would have.
EMSCRIPTEN_KEEPALIVE int judge(const std::uint8_t* bytes, std::uint32_t size, double now) {
  const auto event = events::read_event(events::ByteView{bytes, size});
  if (!event) return -1;
  const projections::Arrival arrival{events::Position{state.applied().value + 1},
                                     events::Timestamp{static_cast<std::uint64_t>(now)},
                                     {}};
  return static_cast<int>(projections::judge(*event, arrival, state).verdict.code);
}

EMSCRIPTEN_KEEPALIVE int verify(const std::uint8_t* bytes, std::uint32_t size) {
  if (verifier == nullptr) verifier = new verification::BlockVerifier(report, no_progress);
  return verifier->take({bytes, size}, {}, "block") ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE int snapshot(const std::uint8_t* bytes, std::uint32_t size) {
  if (size == 0) {
    answer = projections::encode_snapshot({state, {}, {}});
    return 1;
  }
  auto taken = projections::decode_snapshot({bytes, size});
  if (taken) state = std::move(taken->state);
  return taken ? 1 : 0;
}
}
