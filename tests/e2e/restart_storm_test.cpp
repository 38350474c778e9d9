#include "clients/core/sync/backoff.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"
#include "tools/bench/many_devices.h"
#include "tools/bench/pusher.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t devices = 400;
constexpr std::chrono::seconds resumed_limit{30};

constexpr std::chrono::seconds push_limit{2};

/// The longest that a push of a few events waited for its answer, until everybody else is back.
milliseconds slowest_push(bench::Corpus& corpus, const std::string& url,
                          const std::atomic<bool>& all_are_back) {
  bench::Pusher pusher(corpus, {url});
  milliseconds slowest{0};
  for (int pushes = 0; pushes < 200 && !all_are_back; ++pushes) {
    const events::DeviceBlock block = corpus.next_block(5);
    const auto sent = Clock::now();
    pusher.send(pusher.frames_of(block));
    pusher.wait_for(block.last_seq());
    slowest = std::max(slowest, std::chrono::duration_cast<milliseconds>(Clock::now() - sent));
  }
  return slowest;
}

/// Whether the server takes a greeting of that device on a new connection, and the connection.
std::unique_ptr<RawWebSocket> come_in(std::uint16_t port, std::uint64_t device) {
  protocol::Hello hello = bench::hello_of_device(device);
  hello.live = true;
  protocol::sign(hello, bench::key_of_device(device), std::nullopt);
  const std::string offered = protocol::offered_subprotocols(protocol::encode_frame(hello));
  auto socket = std::make_unique<RawWebSocket>(port, offered);
  socket->answer_with(bench::key_of_device(device), hello);
  if (socket->is_closed() || !socket->next_of<protocol::Welcome>()) return nullptr;
  return socket;
}

// Case 39: the server is restarted on the last evening of November while everybody is connected.
// All must be back soon, none may be starved, and none may come back in the same instant.
TEST(RestartStorm, EveryDeviceIsBackSoonAndTheyComeSpread) {
  const ScratchDirectory scratch;
  const std::filesystem::path data = scratch / "server";
  bench::Corpus corpus;
  bench::found_server_data(data, corpus, [&](server::Pipeline& pipeline) {
    bench::enrol_devices(corpus, pipeline, devices);
  });
  std::vector<std::unique_ptr<RawWebSocket>> connections;
  auto first = std::make_unique<ServerChild>(data);
  ASSERT_TRUE(first->listens()) << first->errors();
  for (std::uint64_t device = 0; device < devices; ++device) {
    connections.push_back(come_in(first->port(), device));
    ASSERT_TRUE(connections.back()) << device;
  }
  first->kill9();
  const auto cut = Clock::now();
  ASSERT_TRUE(first->wait(std::chrono::seconds{20}));
  connections.clear();

  // Each waits as a device that stays does; those that come before the server find nobody.
  std::mt19937_64 random(39);
  std::vector<clients::Backoff> backoffs(devices, clients::Backoff({}));
  std::multimap<Clock::time_point, std::uint64_t> tries;
  for (std::uint64_t device = 0; device < devices; ++device) {
    tries.emplace(cut + backoffs[device].next(random()), device);
  }
  const auto second = std::make_unique<ServerChild>(data);
  ASSERT_TRUE(second->listens()) << second->errors();

  std::atomic<bool> all_are_back = false;
  auto slowest = std::async(std::launch::async, slowest_push, std::ref(corpus), second->url(),
                            std::cref(all_are_back));
  std::map<std::int64_t, int> by_quarter_second;
  while (!tries.empty()) {
    const auto [due, device] = *tries.begin();
    tries.erase(tries.begin());
    std::this_thread::sleep_until(due);
    auto socket = come_in(second->port(), device);
    if (Clock::now() - cut > resumed_limit) break;
    if (!socket) {
      tries.emplace(Clock::now() + backoffs[device].next(random()), device);
      continue;
    }
    connections.push_back(std::move(socket));
    ++by_quarter_second[(due - cut) / milliseconds{250}];
  }
  all_are_back = true;
  EXPECT_LT(slowest.get(), push_limit) << "pushes were starved meanwhile";
  EXPECT_EQ(connections.size(), devices) << "the others were not back in time";
  EXPECT_GE(by_quarter_second.size(), 4U) << "they came all together";
  EXPECT_EQ(http_status(second->port(), "/health/ready"), 200);
  EXPECT_EQ(second->stop(), (Ending{0, 0})) << second->errors();
}

}  // namespace
}  // namespace e2e
