#include "events/base/check.h"
#include "server/commit/pipeline.h"
#include "server/store/rocks_event_log.h"
#include "tools/bench/corpus.h"
#include "tools/bench/measure.h"

namespace bench {
namespace {

constexpr std::size_t events_a_push = 100;
/// Pushes of one side before it is the other's turn: neighbours on the machine hit both alike.
constexpr std::uint64_t turn = 20;

}  // namespace

std::vector<Figure> measure_append(const Effort& effort) {
  const auto log = open_scratch_log(effort.directory / "append-log");
  Corpus corpus;
  server::Pipeline pipeline(*log, corpus.private_store(), Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);
  PlainStore plain(effort.directory / "append-plain");

  double judged_seconds = 0;
  double judged_cpu = 0;
  double plain_seconds = 0;
  std::uint64_t judged_events = 0;
  std::uint64_t accepted = 0;
  for (std::uint64_t done = 0; done < effort.append_pushes; done += turn) {
    std::vector<server::PushedRun> runs;
    std::vector<std::vector<events::Bytes>> rows;
    for (std::uint64_t index = 0; index < turn; ++index) {
      runs.push_back(corpus.next_run(events_a_push));
      std::vector<events::Bytes>& batch = rows.emplace_back();
      for (const events::Event& event : runs.back().events) batch.push_back(event.canonical);
      judged_events += batch.size();
    }
    const double start = wall_seconds();
    const double cpu_start = thread_cpu_seconds();
    for (server::PushedRun& run : runs) {
      // Received when it was sent: the corpus has gone on by days since.
      const auto outcomes = pipeline.commit({&run, 1}, run.device_time);
      CHECK(outcomes, "the scratch disk works");
      const auto* const ack = std::get_if<events::protocol::PushAck>(&outcomes->front());
      CHECK(ack != nullptr, "the corpus continues its chain");
      for (const events::BlockReceipt& receipt : ack->receipts) {
        for (const auto& entry : receipt.entries) accepted += entry.verdict.takes_effect() ? 1 : 0;
      }
    }
    judged_cpu += thread_cpu_seconds() - cpu_start;
    judged_seconds += wall_seconds() - start;
    const double plain_start = wall_seconds();
    for (const auto& batch : rows) plain.append(batch);
    plain_seconds += wall_seconds() - plain_start;
  }
  CHECK(accepted == judged_events, "whole lives of dossiers are accepted");

  const auto count = static_cast<double>(judged_events);
  Figure append{.name = "append",
                .value = count / judged_seconds,
                .unit = "events/s",
                .baseline = count / plain_seconds,
                .target = 0.55,
                .target_is_ratio = true,
                .note = "one RocksDB Put an event, same bytes, same events a sync"};
  append.ratio = append.value / append.baseline;
  const Figure cpu{.name = "append_cpu",
                   .value = judged_cpu / count * 1e6,
                   .unit = "us/event",
                   .target = 5,
                   .at_least = false,
                   .note = "processor time of the log thread"};
  const Figure bytes{
      .name = "event_bytes",
      .value = static_cast<double>(corpus.bytes_made()) / static_cast<double>(corpus.events_made()),
      .unit = "bytes",
      .target = 70,
      .at_least = false,
      .note = "canonical, over whole dossier lives"};
  return {append, cpu, bytes};
}

}  // namespace bench
