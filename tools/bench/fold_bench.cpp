#include "events/base/check.h"
#include "events/log/memory_event_log.h"
#include "projections/views/all_projections.h"
#include "server/commit/pipeline.h"
#include "server/store/rocks_event_log.h"
#include "tools/bench/corpus.h"
#include "tools/bench/measure.h"

#include <malloc.h>
#include <openssl/evp.h>

#include <array>
#include <functional>
#include <memory>

namespace bench {
namespace {

constexpr std::size_t events_a_push = 100;

using TakeBlock =
    std::function<void(const events::ScopeSet&, const std::vector<events::StoredEvent>&)>;

/// Reads a log from position 1 on and hands over each block and its events, taken apart.
std::uint64_t read_all(const events::EventLog& log, const TakeBlock& take) {
  events::ReaderScope everything;
  everything.whole_log = true;
  std::uint64_t count = 0;
  for (events::Position position;;) {
    events::Position scanned;
    const auto encoded = log.next_block(everything, position, &scanned);
    CHECK(encoded, "the scratch disk works");
    if (!*encoded) return count;
    auto block = events::decode_stored_block(**encoded);
    CHECK(block, "the log was written in this run");
    position = block->last();
    const events::ScopeSet scope = block->scope;
    const auto stored = events::stored_events(std::move(*block));
    CHECK(stored, "the log was written in this run");
    count += stored->size();
    take(scope, *stored);
  }
}

/// Digests of 200 bytes a second, by OpenSSL's EVP interface with a fetched digest and one context:
/// a yardstick that does not move with our own code.
double sha256_rate() {
  EVP_MD* const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  EVP_MD_CTX* const context = EVP_MD_CTX_new();
  events::Bytes bytes(200);
  std::array<unsigned char, 32> digest{};
  constexpr int count = 400'000;
  const double start = wall_seconds();
  for (int index = 0; index < count; ++index) {
    EVP_DigestInit_ex2(context, algorithm, nullptr);
    EVP_DigestUpdate(context, bytes.data(), bytes.size());
    EVP_DigestFinal_ex(context, digest.data(), nullptr);
    bytes[static_cast<std::size_t>(index) % 200] = digest[0];
  }
  const double rate = count / (wall_seconds() - start);
  EVP_MD_CTX_free(context);
  EVP_MD_free(algorithm);
  return rate;
}

double fold_seconds(const events::EventLog& log) {
  projections::State state;
  projections::Views views;
  const projections::State::OnEffect follow = views.on_effect();
  const double start = wall_seconds();
  read_all(log, [&](const events::ScopeSet& scope, const std::vector<events::StoredEvent>& stored) {
    for (const events::StoredEvent& event : stored) state.apply(event, scope, follow);
  });
  return wall_seconds() - start;
}

/// Bytes in use on the heap, in small and in mapped pieces.
double heap_bytes() {
  const struct mallinfo2 info = mallinfo2();
  return static_cast<double>(info.uordblks) + static_cast<double>(info.hblkhd);
}

}  // namespace

std::vector<Figure> measure_rebuild(const Effort& effort) {
  const auto log = open_scratch_log(effort.directory / "rebuild-log");
  Corpus corpus;
  server::Pipeline pipeline(*log, corpus.private_store(), Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);
  while (corpus.events_made() < effort.rebuild_events) {
    std::vector<server::PushedRun> runs;
    for (int index = 0; index < 64; ++index) runs.push_back(corpus.next_run(events_a_push));
    // They are sent together, by the clock of the last one.
    for (server::PushedRun& run : runs) run.device_time = corpus.now();
    CHECK(pipeline.commit(runs, corpus.now()), "the scratch disk works");
  }
  CHECK(pipeline.state().inbox().size() == 0, "whole lives of dossiers are accepted");

  std::vector<double> decode;
  std::vector<double> fold;
  std::vector<double> hash;
  std::uint64_t count = 0;
  for (int round = 0; round < 3; ++round) {
    const double start = wall_seconds();
    count = read_all(*log, [](const auto&, const auto&) {});
    decode.push_back(static_cast<double>(count) / (wall_seconds() - start));
    fold.push_back(static_cast<double>(count) / fold_seconds(*log));
    hash.push_back(sha256_rate());
  }
  Figure rebuild{.name = "rebuild",
                 .value = median(fold),
                 .unit = "events/s",
                 .baseline = median(decode),
                 .target = 0.4,
                 .target_is_ratio = true,
                 .note = "iterate and decode the same blocks"};
  rebuild.ratio = rebuild.value / rebuild.baseline;
  Figure hashed{.name = "rebuild_hashed",
                .value = median(fold),
                .unit = "events/s",
                .baseline = median(hash),
                .target = 0.25,
                .target_is_ratio = true,
                .note = "SHA-256 over 200 bytes"};
  hashed.ratio = hashed.value / hashed.baseline;
  return {rebuild, hashed};
}

std::vector<Figure> measure_memory(const Effort& effort) {
  Corpus corpus;
  events::MemoryEventLog founding(events::LogId{1}, events::Epoch{1});
  server::Pipeline pipeline(founding, corpus.private_store(), Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);

  // What a server keeps in memory for dossiers: the judging state of the log thread, and the views
  // and the last copy of that state on the projection thread.
  projections::State judging;
  projections::State handed_over;
  projections::Views views;
  const projections::State::OnEffect follow = views.on_effect();
  const auto take = [&](const events::ScopeSet& scope,
                        const std::vector<events::StoredEvent>& stored) {
    for (const events::StoredEvent& event : stored) judging.apply(event, scope, follow);
    handed_over = judging;
  };
  read_all(founding, take);
  // Events are applied as accepted: memory does not depend on who judged them.
  events::Position position = judging.applied();
  const events::ScopeSet scope{judging.units().all().begin()->id};
  std::array<double, 2> heap{};
  std::array<std::uint64_t, 2> dossiers{};
  for (std::size_t stage = 0; stage < 2; ++stage) {
    while (judging.dossiers().all().size() < effort.memory_dossiers * (stage + 1)) {
      server::PushedRun run = corpus.next_run(events_a_push);
      for (events::Event& event : run.events) {
        position = events::Position{position.value + 1};
        const events::StoredEvent stored{
            position,
            corpus.now(),
            {},
            std::move(event),
            {events::VerdictCode::accepted, 0, {}, {}, {}, events::RulesVersion{1}}};
        judging.apply(stored, scope, follow);
      }
      handed_over = judging;
      corpus.private_store() = {};
    }
    heap[stage] = heap_bytes();
    dossiers[stage] = judging.dossiers().all().size();
  }
  return {Figure{.name = "memory_per_dossier",
                 .value = (heap[1] - heap[0]) / static_cast<double>(dossiers[1] - dossiers[0]),
                 .unit = "bytes",
                 .target = 800,
                 .at_least = false,
                 .note = "judging state, and views and a copy of it on the projection thread"}};
}

}  // namespace bench
