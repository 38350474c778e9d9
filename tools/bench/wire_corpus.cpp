#include "tools/bench/wire_corpus.h"

#include "events/base/check.h"
#include "events/log/memory_event_log.h"
#include "server/commit/pipeline.h"
#include "tools/bench/corpus.h"

namespace bench {

WireCorpus make_wire_corpus(std::uint64_t seed, std::uint64_t events, std::size_t events_a_push) {
  Corpus corpus(seed);
  events::MemoryEventLog log(corpus.log(), events::Epoch{1});
  server::Pipeline pipeline(log, corpus.private_store(), Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);
  const events::Position before = pipeline.state().applied();
  const events::VerifyingKey key =
      events::VerifyingKey::load(events::SigningKey::from_seed(corpus.device_seed()).public_key())
          .value();

  WireCorpus made;
  for (std::uint64_t count = 0; count < events;) {
    made.pushed.push_back(corpus.next_block(events_a_push));
    count += made.pushed.back().events.size();
    std::vector<server::PushedRun> runs;
    runs.push_back(server::check_run(made.pushed.back(), key, corpus.now(), {}).value());
    CHECK(pipeline.commit(runs, corpus.now()), "memory takes the run");
  }
  events::ReaderScope everything;
  everything.whole_log = true;
  for (events::Position position = before;;) {
    events::Position scanned;
    const auto encoded = log.next_block(everything, position, &scanned);
    CHECK(encoded, "memory is read");
    if (!*encoded) return made;
    made.stored.push_back(events::decode_stored_block(**encoded).value());
    position = made.stored.back().last();
  }
}

}  // namespace bench
