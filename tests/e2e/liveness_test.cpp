#include "clients/device/ws_client.h"
#include "tests/e2e/pushing.h"
#include "tests/e2e/server_child.h"
#include "tools/bench/pusher.h"
#include "tools/link/relay_thread.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using clients::WsClient;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds patience{30'000};
/// A device that asks early, so that tests do not take minutes; the waits are otherwise the same.
constexpr protocol::Liveness::Limits early{
    .first = milliseconds{300}, .longest = milliseconds{2'000}, .answer = milliseconds{1'500}};

/// A server, a device that is in step and stays, and a line between them.
class Liveness : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(server_.listens()) << server_.errors(); }

  std::unique_ptr<WsClient> stay(protocol::Liveness::Limits limits, std::uint16_t port) {
    protocol::Hello hello = device_.hello(device_.acknowledged_upto());
    hello.live = true;
    const clients::Greeter greeter = [&](const auto& binding) {
      protocol::sign(hello, device_.key(), binding);
      return events::Result<protocol::Message>(hello);
    };
    const auto address = clients::ServerAddress::parse(server_.url_of(port)).value();
    auto link = WsClient::connect(address, {}, greeter, patience, limits);
    EXPECT_TRUE(link) << link.error().message;
    if (!link) return nullptr;
    bench::answer_challenge(**link, hello, device_.key());
    return std::move(*link);
  }

  /// Reads until the link fails or `limit` is over; nothing: it is still good.
  static std::optional<events::ErrorCode> read_for(WsClient& link, milliseconds limit) {
    const auto end = Clock::now() + limit;
    while (Clock::now() < end) {
      const auto frames = link.receive(milliseconds{20});
      if (!frames) return frames.error().code;
    }
    return std::nullopt;
  }

  bool server_says(const std::string& text, milliseconds limit) const {
    const auto end = Clock::now() + limit;
    while (Clock::now() < end) {
      if (server_.errors().find(text) != std::string::npos) return true;
      std::this_thread::sleep_for(milliseconds{20});
    }
    return false;
  }

  ScratchDirectory scratch_;
  CorpusDevice device_{scratch_ / "server"};
  ServerChild server_{scratch_ / "server", "", {"--ping-seconds", "1"}};
  link_emulator::RelayThread line_{server_.port(), {}};
};

// A connection on which nothing happens for hours must stay, or live views go blind.
TEST_F(Liveness, SilentConnectionStaysBecauseBothSidesAsk) {
  const auto link = stay(early, line_.port());
  ASSERT_TRUE(link);
  EXPECT_FALSE(read_for(*link, milliseconds{4'000}));
  EXPECT_GT(link->ping_interval(), early.first) << "answered pings become rarer";
  const auto silent = stay({}, line_.port());
  ASSERT_TRUE(silent);
  EXPECT_FALSE(read_for(*silent, milliseconds{4'000})) << "here only the server asks";
}

// Case 17: the carrier's address translation forgot the connection; neither end is told.
TEST_F(Liveness, DeviceFindsAHalfOpenConnectionAndComesBack) {
  const auto link = stay(early, line_.port());
  ASSERT_TRUE(link);
  EXPECT_FALSE(read_for(*link, milliseconds{500}));
  line_.stall(true, true);
  EXPECT_EQ(read_for(*link, milliseconds{20'000}), events::ErrorCode::timed_out);
  line_.stall(false, false);
  const auto again = stay(early, line_.port());
  ASSERT_TRUE(again);
  EXPECT_FALSE(read_for(*again, milliseconds{500}));
}

// Case 16: a line that carries bytes one way only is dead, whichever way it is.
TEST_F(Liveness, DeviceFindsALineThatCarriesOneWayOnlyAndNothingStallsAfterIt) {
  for (const auto& [up, down] : {std::pair{true, false}, {false, true}, {true, true}}) {
    SCOPED_TRACE(testing::Message() << "up " << up << " down " << down);
    const auto link = stay(early, line_.port());
    ASSERT_TRUE(link);
    EXPECT_FALSE(read_for(*link, milliseconds{300}));
    line_.stall(up, down);
    const auto start = Clock::now();
    // The server's own pings may still come in; they are no answer to ours, but bytes.
    const auto ended = read_for(*link, milliseconds{30'000});
    EXPECT_TRUE(ended) << "the device waits for ever";
    EXPECT_LT(Clock::now() - start, std::chrono::seconds{28});
    line_.stall(false, false);
    push_blocks(device_, server_, 1);
  }
}

// A server that keeps dead connections runs out of files on the last evening of November.
TEST_F(Liveness, ServerEndsAConnectionThatGivesNoSignOfLife) {
  const auto link = stay({}, line_.port());
  ASSERT_TRUE(link);
  EXPECT_FALSE(read_for(*link, milliseconds{300}));
  line_.stall(true, false);
  EXPECT_TRUE(server_says("session_dead", milliseconds{30'000})) << server_.errors();
}

}  // namespace
}  // namespace e2e
