#include "clients/cli/ws_link.h"
#include "events/check.h"
#include "events/codec/wire_block.h"
#include "events/protocol/messages.h"
#include "server/commit/pipeline.h"
#include "server/store/private_store.h"
#include "tools/bench/corpus.h"
#include "tools/bench/measure.h"
#include "tools/bench/server_process.h"

#include <chrono>
#include <fstream>
#include <utility>

namespace bench {
namespace {

namespace protocol = events::protocol;

constexpr std::size_t events_a_push = 100;
constexpr std::uint64_t turn = 40;
constexpr std::size_t window = 8;  ///< Blocks under way without an acknowledgement.
constexpr std::chrono::milliseconds patience{20'000};

/// A data directory with a founded log, as a server left it.
void prepare(const std::filesystem::path& data, Corpus& corpus) {
  std::filesystem::create_directories(data);
  const std::string seed(32, '\x01');  // Of Corpus::server_key().
  std::ofstream(data / "server.key", std::ios::binary) << seed;
  std::filesystem::permissions(data / "server.key", std::filesystem::perms::owner_read |
                                                        std::filesystem::perms::owner_write);
  server::PrivateStore::Options private_options;
  private_options.path = data / "private";
  private_options.create_if_missing = true;
  CHECK(server::PrivateStore::open(private_options), "scratch space takes a private store");
  const auto log = open_scratch_log(data / "log");
  server::Pipeline pipeline(*log, corpus.private_store(), Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  corpus.found(pipeline);
}

/// The corpus's device on a real socket.
class Pusher {
 public:
  Pusher(Corpus& corpus, const std::string& url) : corpus_(corpus) {
    auto link = clients::WsLink::connect(clients::ServerAddress::parse(url).value(), patience);
    CHECK(link, "the server listens");
    link_ = std::move(*link);
    const events::SigningKey key = events::SigningKey::from_seed(corpus.device_seed());
    protocol::Hello hello;
    hello.log = corpus.log();
    hello.chain = corpus.device_chain();
    hello.device_time = corpus.now();
    hello.head_hash = events::chain_start(corpus.device_chain(), key.public_key());
    hello.signature = key.sign(protocol::hello_statement(hello));
    send({hello});
  }

  /// A block and, before it, the private records it names.
  std::vector<protocol::Message> frames_of(const events::DeviceBlock& block) {
    protocol::PrivateRecords records;
    std::size_t bytes = 0;
    std::vector<protocol::Message> frames;
    for (const events::Bytes& canonical : block.events) {
      const auto digest = events::private_digest_of(events::read_event(canonical)->payload);
      if (!digest) continue;
      records.records.push_back(corpus_.private_store().get(*digest)->value());
      bytes += records.records.back().bytes.size() + 24;
      if (bytes > protocol::frame_bytes_max / 2) {
        frames.emplace_back(std::exchange(records, {}));
        bytes = 0;
      }
    }
    if (!records.records.empty()) frames.emplace_back(std::move(records));
    // The corpus lives at a time of its own; the server's clock is today's.
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::system_clock::now().time_since_epoch());
    frames.emplace_back(protocol::Push{events::Timestamp{static_cast<std::uint64_t>(now.count())},
                                       events::pack_block(block)});
    return frames;
  }

  void send(const std::vector<protocol::Message>& frames) {
    CHECK(link_->send(frames, patience), "the server reads");
  }

  /// Waits until everything up to `seq` is acknowledged.
  void wait_for(std::uint64_t seq) {
    while (acknowledged_ < seq) {
      const auto frames = link_->receive(patience);
      CHECK(frames && *frames, "the server answers");
      for (const protocol::Message& frame : **frames) {
        if (const auto* ack = std::get_if<protocol::PushAck>(&frame)) {
          acknowledged_ = std::max(acknowledged_, ack->upto_seq);
        }
        CHECK(!std::holds_alternative<protocol::PushNak>(frame) &&
                  !std::holds_alternative<protocol::ErrorFrame>(frame),
              "the corpus continues its chain");
      }
    }
  }

 private:
  Corpus& corpus_;
  std::unique_ptr<clients::WsLink> link_;
  std::uint64_t acknowledged_ = 0;
};

struct Prepared {
  std::vector<std::vector<protocol::Message>> frames;
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
  prepare(data, corpus);
  const ServerProcess server(data);
  Pusher pusher(corpus, server.url());
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
