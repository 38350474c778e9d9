#include "tools/bench/corpus.h"
#include "tools/bench/measure.h"
#include "tools/bench/pusher.h"
#include "tools/bench/server_process.h"

namespace bench {
namespace {

constexpr std::size_t events_a_push = 100;
constexpr std::uint64_t turn = 40;
constexpr std::size_t window = 8;  ///< Blocks under way without an acknowledgement.

struct Prepared {
  std::vector<std::vector<events::protocol::Message>> frames;
  std::vector<std::uint64_t> last_seqs;
  std::vector<std::vector<events::Bytes>> rows;
  std::uint64_t events = 0;
};

Prepared prepare_blocks(Corpus& corpus, Pusher& pusher, std::uint64_t blocks, std::size_t size) {
  Prepared prepared;
  for (std::uint64_t index = 0; index < blocks; ++index) {
    const events::DeviceBlock block = corpus.next_block(size);
    prepared.frames.push_back(pusher.frames_of(block));
    prepared.last_seqs.push_back(block.last_seq());
    prepared.rows.push_back(block.events);
    prepared.events += block.events.size();
  }
  return prepared;
}

Figure measure_pipelined(const Effort& effort, Corpus& corpus, Pusher& pusher) {
  PlainStore plain(effort.directory / "push-plain");
  double pushed_seconds = 0;
  double plain_seconds = 0;
  std::uint64_t count = 0;
  for (std::uint64_t done = 0; done < effort.push_blocks; done += turn) {
    const Prepared prepared = prepare_blocks(corpus, pusher, turn, events_a_push);
    count += prepared.events;
    const double start = wall_seconds();
    for (std::size_t index = 0; index < prepared.frames.size(); ++index) {
      if (index >= window) pusher.wait_for(prepared.last_seqs[index - window]);
      pusher.send(prepared.frames[index]);
    }
    pusher.wait_for(prepared.last_seqs.back());
    pushed_seconds += wall_seconds() - start;
    const double plain_start = wall_seconds();
    for (const auto& rows : prepared.rows) plain.append(rows);
    plain_seconds += wall_seconds() - plain_start;
  }
  Figure push{.name = "push",
              .value = static_cast<double>(count) / pushed_seconds,
              .unit = "events/s",
              .baseline = static_cast<double>(count) / plain_seconds,
              .target = 0.35,
              .target_is_ratio = true,
              .note = "one RocksDB Put an event, same bytes, same events a sync"};
  push.ratio = push.value / push.baseline;
  return push;
}

}  // namespace

std::vector<Figure> measure_push(const Effort& effort) {
  Corpus corpus;
  const std::filesystem::path data = effort.directory / "push-server";
  found_server_data(data, corpus);
  const ServerProcess server(data);
  Pusher pusher(corpus, server.endpoint());
  const Figure push = measure_pipelined(effort, corpus, pusher);

  std::vector<double> latencies;
  std::vector<double> syncs;
  for (std::uint64_t index = 0; index < effort.latency_pushes; ++index) {
    const Prepared one = prepare_blocks(corpus, pusher, 1, 1);
    const double start = wall_seconds();
    pusher.send(one.frames.front());
    pusher.wait_for(one.last_seqs.front());
    latencies.push_back((wall_seconds() - start) * 1000);
    for (const double seconds : time_fdatasync(effort.directory, 1)) {
      syncs.push_back(seconds * 1000);
    }
  }
  const double sync_p50 = median(syncs);
  Figure p50{.name = "push_latency_p50",
             .value = median(latencies),
             .unit = "ms",
             .baseline = sync_p50,
             .target = 3 * sync_p50 + 1,
             .at_least = false,
             .note = "fdatasync p50; the target is 3 of them + 1 ms"};
  p50.ratio = p50.value / p50.baseline;
  const double sync_p99 = percentile(syncs, 0.99);
  Figure p99{.name = "push_latency_p99",
             .value = percentile(latencies, 0.99),
             .unit = "ms",
             .baseline = sync_p99,
             .target = 3 * sync_p99 + 1,
             .at_least = false,
             .note = "fdatasync p99; the target is 3 of them + 1 ms"};
  p99.ratio = p99.value / p99.baseline;
  return {push, p50, p99};
}

}  // namespace bench
