#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"
#include "tests/e2e/stored_log.h"

#include <gtest/gtest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

namespace e2e {
namespace {

namespace protocol = events::protocol;

constexpr int kills_a_round = 3;

/// SplitMix64: the same draws from the same seed everywhere.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : state_(seed) {}

  std::uint64_t below(std::uint64_t bound) {
    state_ += 0x9E3779B97F4A7C15;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EB;
    return (mixed ^ (mixed >> 31U)) % bound;
  }

 private:
  std::uint64_t state_;
};

std::uint64_t number_from_environment(const char* name, std::uint64_t otherwise) {
  const char* const text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

/// "3:before_sync" of some commit of the server's life; empty: no hook, killed from outside.
std::string draw_crash(Draw& draw) {
  static constexpr std::array stages = {"before_batch", "before_sync", "before_ack"};
  if (draw.below(4) == 0) return {};
  const std::uint64_t commit = 1 + draw.below(8);
  return std::to_string(commit) + ":" + stages[draw.below(stages.size())];
}

/// Resumes where the log is and pushes until everything is acknowledged.  False when the server
/// went away before.
bool push_all(CorpusDevice& device, const ServerChild& server, Draw& draw) {
  RawWebSocket socket(server.port());
  socket.answer_with(device.key());
  // Sometimes the device has lost the receipts it had: it is told the same again.
  const std::uint64_t known = draw.below(3) == 0 ? 0 : device.acknowledged_upto();
  if (!socket.send(device.hello(known))) return false;
  const auto welcome = socket.next_of<protocol::Welcome>();
  if (!welcome) return false;
  EXPECT_GE(welcome->accepted_seq, device.durable_upto()) << "acknowledged events are gone";

  std::size_t next = device.block_after(welcome->accepted_seq);
  const std::size_t window = 1 + draw.below(8);
  while (device.acknowledged_upto() < device.last_seq()) {
    const std::size_t waiting_from = device.block_after(device.acknowledged_upto());
    for (; next < device.blocks().size() && next < waiting_from + window; ++next) {
      if (!socket.send(device.frames_of(device.blocks()[next]))) return false;
    }
    const auto frame = socket.next();
    if (!frame) return false;
    if (const auto* const ack = std::get_if<protocol::PushAck>(&*frame)) device.take(*ack);
    if (const auto* const nak = std::get_if<protocol::PushNak>(&*frame)) {
      ADD_FAILURE() << "refused: " << nak->message;
      return false;
    }
  }
  return true;
}

/// How the servers died, so that a hook that never fires is noticed.
struct Deaths {
  int at_hook = 0;
  int from_outside = 0;
};

/// One life of the server that ends by SIGKILL.
void live_and_die(CorpusDevice& device, const std::filesystem::path& data, Draw& draw,
                  Deaths& deaths) {
  const std::uint64_t blocks = 4 + draw.below(12);
  for (std::uint64_t made = 0; made < blocks; ++made) device.make_block(1 + draw.below(60));
  const std::string crash_at = draw_crash(draw);
  SCOPED_TRACE("crash at " + (crash_at.empty() ? "a random moment" : crash_at));

  ServerChild server(data, crash_at);
  std::thread killer;
  if (crash_at.empty()) {
    const std::chrono::microseconds delay(draw.below(100'000));
    killer = std::thread([&server, delay] {
      std::this_thread::sleep_for(delay);
      server.kill9();
    });
  }
  const bool lived_on = server.listens() && push_all(device, server, draw);
  ++(crash_at.empty() || lived_on ? deaths.from_outside : deaths.at_hook);
  if (killer.joinable()) killer.join();
  server.kill9();  // When the commit that was drawn did not come.
  const std::optional<Ending> ending = server.wait(std::chrono::seconds{20});
  ASSERT_TRUE(ending);
  ASSERT_EQ(ending->signal, SIGKILL) << server.errors();
}

void expect_everything_kept(const CorpusDevice& device, const std::filesystem::path& data) {
  const StoredLog log = StoredLog::read(data, device.chain());
  expect_each_once(log);
  ASSERT_EQ(log.of_device.size(), device.last_seq());
  for (const events::DeviceBlock& block : device.blocks()) {
    for (std::size_t index = 0; index < block.events.size(); ++index) {
      const std::uint64_t seq = block.first_seq + index;
      ASSERT_EQ(log.of_device[seq - 1].canonical, block.events[index]) << "event " << seq;
    }
  }
  for (const auto& [seq, verdict] : device.acknowledged()) {
    ASSERT_EQ(log.of_device[seq - 1].verdict, verdict) << "event " << seq;
  }
}

void run_round(std::uint64_t seed, Deaths& deaths) {
  Draw draw(seed);
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  CorpusDevice device(data);
  for (int kill = 0; kill < kills_a_round; ++kill) {
    live_and_die(device, data, draw, deaths);
    if (testing::Test::HasFatalFailure()) return;
  }
  ServerChild server(data);
  ASSERT_TRUE(server.listens()) << server.errors();
  device.make_block(20);
  ASSERT_TRUE(push_all(device, server, draw)) << server.errors();
  ASSERT_EQ(server.stop(), (Ending{0, 0})) << server.errors();
  expect_everything_kept(device, data);
  expect_audited(data);
}

// A device deletes nothing, but people believe what it shows: if an acknowledged event were gone
// after a crash, or stood there twice or with another verdict, a commune would hold decisions that
// the log does not know.  KHUYENHOC_ROUNDS says how many rounds, KHUYENHOC_SEED the first seed.
TEST(Kill9, LosesNothingAcknowledgedAndStoresEachEventOnce) {
  const std::uint64_t rounds = number_from_environment("KHUYENHOC_ROUNDS", 10);
  const std::uint64_t first = number_from_environment("KHUYENHOC_SEED", 1);
  Deaths deaths;
  for (std::uint64_t seed = first; seed < first + rounds; ++seed) {
    SCOPED_TRACE("KHUYENHOC_ROUNDS=1 KHUYENHOC_SEED=" + std::to_string(seed));
    run_round(seed, deaths);
    if (HasFailure()) return;
  }
  std::printf("%llu rounds: %d deaths at the hook, %d from outside\n",
              static_cast<unsigned long long>(rounds), deaths.at_hook, deaths.from_outside);
  if (rounds < 10) return;
  EXPECT_GE(deaths.at_hook, kills_a_round);
  EXPECT_GE(deaths.from_outside, kills_a_round);
}

}  // namespace
}  // namespace e2e
