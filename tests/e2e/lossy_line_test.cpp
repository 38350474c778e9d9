#include "events/packing/wire_block.h"
#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_socket.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"
#include "tools/bench/pusher.h"
#include "tools/link/relay_thread.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <memory>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds patience{60'000};
constexpr std::uint64_t day_of_work = 500;
/// Four times what the line takes without losses, 5 and 5.5 seconds.
constexpr std::chrono::seconds push_limit{22};
constexpr std::chrono::seconds pull_limit{20};

link_emulator::Profile lossy() {
  link_emulator::Profile profile = link_emulator::read_profile(link_emulator::design_line).value();
  profile.stall_chance = 0.03;
  profile.seed = 21;
  return profile;
}

/// The registrar's device, which may read everything.
protocol::Hello reader_hello(const events::SigningKey& key) {
  protocol::Hello hello;
  hello.log = events::LogId{1};
  hello.chain = events::ChainNumber{2};
  hello.head_hash = events::chain_start(hello.chain, key.public_key());
  return hello;
}

// Case 21: the design line, and 3 of 100 packets lost.  A day's work must come over while the
// officer is still standing where there is a signal.
TEST(LossyLine, FiveHundredEventsGoUpAndDownWithinFourTimesTheCalmLine) {
  const ScratchDirectory scratch;
  CorpusDevice device(scratch / "server");
  const bench::Certificate certificate = bench::make_certificate(scratch / "tls");
  ServerChild server(scratch / "server", certificate);
  ASSERT_TRUE(server.listens()) << server.errors();
  while (device.last_seq() < day_of_work) device.make_block(100);

  link_emulator::RelayThread up(server.port(), lossy());
  const auto push_start = Clock::now();
  {
    const auto link = bench::greet({server.url_of(up.port()), certificate.authority_pem},
                                   device.hello(), device.key())
                          .link;
    for (const events::DeviceBlock& block : device.blocks()) {
      const auto frames = device.frames_of(block);
      ASSERT_TRUE(link->send(frames, patience));
    }
    while (device.acknowledged_upto() < device.last_seq()) {
      const auto frames = link->receive(patience);
      ASSERT_TRUE(frames && *frames);
      for (const protocol::Message& frame : **frames) {
        if (const auto* const ack = std::get_if<protocol::PushAck>(&frame)) device.take(*ack);
      }
    }
  }
  EXPECT_LT(Clock::now() - push_start, push_limit);

  events::SecretSeed seed;
  seed.bytes.fill(2);  // Of the corpus's administrator.
  const events::SigningKey key = events::SigningKey::from_seed(seed);
  link_emulator::RelayThread down(server.port(), lossy());
  const auto pull_start = Clock::now();
  const auto link =
      bench::greet({server.url_of(down.port()), certificate.authority_pem}, reader_hello(key), key)
          .link;
  std::uint64_t received = 0;
  for (bool caught_up = false; !caught_up;) {
    const auto frames = link->receive(patience);
    ASSERT_TRUE(frames && *frames);
    for (const protocol::Message& frame : **frames) {
      if (const auto* const block = std::get_if<protocol::Events>(&frame)) {
        received += events::unpack_stored_block(block->block).value().entries.size();
      }
      const auto* const mark = std::get_if<protocol::Mark>(&frame);
      caught_up = caught_up || (mark != nullptr && mark->caught_up);
    }
  }
  EXPECT_GE(received, day_of_work);
  EXPECT_LT(Clock::now() - pull_start, pull_limit);
  EXPECT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  expect_each_once(StoredLog::read(scratch / "server", device.chain()));
}

// Case 18, as far as it can be seen from here: where packets of 1,500 bytes vanish without a word,
// TCP must never make one.
TEST(LossyLine, SegmentsAreSmallEnoughForEveryPath) {
  const ScratchDirectory scratch;
  ServerChild server(scratch / "server");
  ASSERT_TRUE(server.listens()) << server.errors();
  const int file = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(server.port());
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(file, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  int segment = 0;
  socklen_t size = sizeof segment;
  ASSERT_EQ(::getsockopt(file, IPPROTO_TCP, TCP_MAXSEG, &segment, &size), 0);
  ::close(file);
  EXPECT_LE(segment, 1'200);
}

}  // namespace
}  // namespace e2e
