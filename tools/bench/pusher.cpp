#include "tools/bench/pusher.h"

#include "events/base/check.h"
#include "events/packing/wire_block.h"
#include "events/protocol/greeting_proof.h"
#include "platform/clock.h"
#include "server/commit/pipeline.h"
#include "server/store/rocks_private_store.h"
#include "tools/bench/measure.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <utility>

namespace bench {

namespace protocol = events::protocol;

namespace {

constexpr std::chrono::milliseconds patience{60'000};

}  // namespace

protocol::Welcome answer_challenge(clients::WsClient& link, const protocol::Hello& hello,
                                   const events::SigningKey& key) {
  const auto frames = link.receive(patience);
  CHECK(frames && *frames && !(*frames)->empty(), "the server answers the greeting");
  const auto* const welcome = std::get_if<protocol::Welcome>(&(*frames)->front());
  CHECK(welcome != nullptr && protocol::challenge_of(*welcome), "a plain greeting is challenged");
  const protocol::Message answer =
      protocol::sign_answer(hello, *protocol::challenge_of(*welcome), key);
  CHECK(link.send({&answer, 1}, patience), "the server reads");
  return *welcome;
}

void found_server_data(const std::filesystem::path& data, Corpus& corpus,
                       const std::function<void(server::Pipeline&)>& more) {
  std::filesystem::create_directories(data);
  const std::string seed(32, '\x01');  // Of Corpus::server_key().
  std::ofstream(data / "server.key", std::ios::binary) << seed;
  std::filesystem::permissions(data / "server.key", std::filesystem::perms::owner_read |
                                                        std::filesystem::perms::owner_write);
  server::RocksPrivateStore::Options private_options;
  private_options.path = data / "private";
  private_options.create_if_missing = true;
  CHECK(server::RocksPrivateStore::open(private_options), "scratch space takes a private store");
  const auto log = open_scratch_log(data / "log");
  server::Pipeline pipeline(*log, corpus.private_store(), Corpus::server_key());
  CHECK(pipeline.recover(), "an empty log is recovered");
  pipeline.set_quotas(server::times(1'000, server::QuotaLimits{}));
  corpus.found(pipeline);
  if (more) more(pipeline);
}

Greeted greet(const Endpoint& server, protocol::Hello hello, const events::SigningKey& key) {
  const clients::Greeter greeter = [&](const auto& binding) {
    protocol::sign(hello, key, binding);
    return protocol::Message(hello);
  };
  const clients::ServerAddress address = clients::ServerAddress::parse(server.url).value();
  auto link = clients::WsClient::connect(
      address, {.authorities = server.authorities, .session = server.session}, greeter, patience);
  CHECK(link, "the server listens");
  Greeted greeted{std::move(*link), std::nullopt};
  if (!address.tls) greeted.welcome = answer_challenge(*greeted.link, hello, key);
  return greeted;
}

Pusher::Pusher(Corpus& corpus, const Endpoint& server, std::uint64_t verdicts_known)
    : corpus_(corpus), acknowledged_(verdicts_known) {
  const events::SigningKey key = events::SigningKey::from_seed(corpus.device_seed());
  protocol::Hello hello;
  hello.log = corpus.log();
  hello.chain = corpus.device_chain();
  hello.device_time = corpus.now();
  hello.head_hash = events::chain_start(corpus.device_chain(), key.public_key());
  hello.verdicts_known = verdicts_known;
  link_ = greet(server, hello, key).link;
}

std::vector<protocol::Message> Pusher::frames_of(const events::DeviceBlock& block) {
  protocol::PrivateRecords records;
  std::size_t bytes = 0;
  std::vector<protocol::Message> frames;
  std::vector<events::Digest> beside;
  for (const events::Bytes& canonical : block.events) {
    const auto digest = events::private_digest_of(events::read_event(canonical)->payload);
    if (!digest) continue;
    records.records.push_back(corpus_.private_store().get(*digest)->value());
    beside.push_back(*digest);
    bytes += records.records.back().bytes.size() + 24;
    if (bytes > protocol::frame_bytes_max / 2) {
      frames.emplace_back(std::exchange(records, {}));
      bytes = 0;
    }
  }
  if (!records.records.empty()) frames.emplace_back(std::move(records));
  // The corpus lives at a time of its own; the server's clock is today's.
  frames.emplace_back(protocol::Push{platform::now(), events::pack_block(block, beside)});
  return frames;
}

void Pusher::send(const std::vector<protocol::Message>& frames) {
  CHECK(link_->send(frames, patience), "the server reads");
}

void Pusher::wait_for(std::uint64_t seq) {
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

}  // namespace bench
