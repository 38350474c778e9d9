// Writes a made-up log of N events as stored blocks, each behind its length.
#include "events/base/check.h"
#include "events/log/memory_event_log.h"
#include "server/commit/pipeline.h"
#include "tools/bench/corpus.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

int main(int count, char** arguments) {
  if (count < 3) return 1;
  const auto wanted = static_cast<std::uint64_t>(std::atoll(arguments[2]));
  bench::Corpus corpus;
  events::MemoryEventLog log(events::LogId{1}, events::Epoch{1});
  server::Pipeline pipeline(log, corpus.private_store(), bench::Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);
  while (corpus.events_made() < wanted) {
    std::vector<server::PushedRun> runs;
    for (int index = 0; index < 64; ++index) runs.push_back(corpus.next_run(100));
    CHECK(pipeline.commit(runs, corpus.now()), "memory takes it");
  }
  std::FILE* const file = std::fopen(arguments[1], "wb");
  events::ReaderScope everything;
  everything.whole_log = true;
  for (events::Position position;;) {
    events::Position scanned;
    const auto encoded = log.next_block(everything, position, &scanned);
    if (!encoded || !*encoded) break;
    const auto size = static_cast<std::uint32_t>((**encoded).size());
    std::fwrite(&size, sizeof(size), 1, file);
    std::fwrite((**encoded).data(), 1, size, file);
    position = events::decode_stored_block(**encoded)->last();
  }
  std::fclose(file);
}
