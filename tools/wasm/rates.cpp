// How fast the pure layers read, fold, judge and verify a log, natively and as WebAssembly.
// The file is stored blocks, each behind its length of four bytes, little-endian.
#include "events/archive/compact.h"
#include "events/crypto/digest.h"
#include "events/crypto/sealing.h"
#include "events/crypto/signature.h"
#include "events/log/block.h"
#include "projections/rules/judge.h"
#include "projections/verification/block_verifier.h"
#include "projections/views/all_projections.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <utility>
#include <vector>

namespace {

using Blocks = std::vector<events::Bytes>;
using Take = std::function<void(const events::ScopeSet&, const std::vector<events::StoredEvent>&)>;

Blocks read_blocks(const char* path) {
  std::FILE* const file = std::fopen(path, "rb");
  Blocks blocks;
  std::uint32_t size = 0;
  while (file != nullptr && std::fread(&size, sizeof(size), 1, file) == 1) {
    events::Bytes block(size);
    if (std::fread(block.data(), 1, size, file) != size) std::abort();
    blocks.push_back(std::move(block));
  }
  if (file != nullptr) std::fclose(file);
  return blocks;
}

std::size_t read_all(const Blocks& blocks, const Take& take) {
  std::size_t count = 0;
  for (const events::Bytes& bytes : blocks) {
    auto block = events::decode_stored_block(bytes);
    const events::ScopeSet scope = block->scope;
    const auto stored = events::stored_events(std::move(*block));
    count += stored->size();
    take(scope, *stored);
  }
  return count;
}

double best_rate(int rounds, const std::function<std::size_t()>& work) {
  double best = 0;
  for (int round = 0; round < rounds; ++round) {
    const auto start = std::chrono::steady_clock::now();
    const auto count = static_cast<double>(work());
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
    best = std::max(best, count / took.count());
  }
  return best;
}

}  // namespace

int main(int count, char** arguments) {
  if (count < 2) return 1;
  const Blocks blocks = read_blocks(arguments[1]);
  const int rounds = count > 2 ? std::atoi(arguments[2]) : 5;
  std::size_t different = 0;
  std::size_t total = 0;

  const double decode =
      best_rate(rounds, [&] { return read_all(blocks, [](const auto&, const auto&) {}); });
  projections::State folded;
  const double fold = best_rate(rounds, [&] {
    projections::State state;
    projections::Views views;
    const projections::State::OnEffect follow = views.on_effect();
    total = read_all(blocks, [&](const auto& scope, const auto& stored) {
      for (const events::StoredEvent& event : stored) state.apply(event, scope, follow);
    });
    folded = std::move(state);
    return total;
  });
  const events::Digest digest = events::sha256(events::encode(folded));
  const double judge = best_rate(rounds, [&] {
    projections::State state;
    return read_all(blocks, [&](const auto& scope, const auto& stored) {
      for (const events::StoredEvent& event : stored) {
        if (event.event.header.chain != events::system_chain) {
          const projections::Arrival arrival{event.position, event.received_at, event.intake};
          const auto judgement = projections::judge(event.event, arrival, state);
          if (judgement.verdict.code != event.verdict.code) ++different;
        }
        state.apply(event, scope);
      }
    });
  });
  verification::Report report;
  const double verify = best_rate(1, [&] {
    const verification::Progress none;
    verification::BlockVerifier verifier(report, none);
    for (const events::Bytes& block : blocks) verifier.take(block, {}, "");
    return total;
  });
  // The same everywhere: a signature, and what it and the fold come to.
  const events::SigningKey key = events::SigningKey::from_seed({});
  const events::Signature signature = key.sign(events::encode(folded));
  const bool signs = events::verify(key.public_key(), events::encode(folded), signature);
  events::Bytes sum = events::encode(digest);
  events::append_bytes(sum, signature.bytes);
  events::append_bytes(sum, events::sealing_key_of({}).bytes);
  const events::Digest digest_of_all = events::sha256(sum);
  std::printf(
      "%zu events  decode %.3f  fold %.3f  judge+fold %.3f  all verified %.3f M events/s  "
      "%zu verdicts different  sum %02x%02x%02x%02x\n",
      total, decode / 1e6, fold / 1e6, judge / 1e6, verify / 1e6, different, digest_of_all.bytes[0],
      digest_of_all.bytes[1], digest_of_all.bytes[2], digest_of_all.bytes[3]);
  return different == 0 && signs ? 0 : 1;
}
