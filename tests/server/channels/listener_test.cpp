#include "server/channels/listener.h"

#include "tests/e2e/raw_socket.h"
#include "tests/server/channels/served_log.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace server::test {
namespace {

using e2e::RawSocket;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* health = "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n";

/// A listener on a free port of this machine, and the thread that it runs on.
class ListenerTest : public testing::Test {
 protected:
  void start(GateLimits limits = {}) {
    served_.emplace(founded_, limits);
    net::ip::tcp::acceptor acceptor(served_->machine, {net::ip::address_v4::loopback(), 0});
    port_ = acceptor.local_endpoint().port();
    ConnectionLimits connections;
    connections.request_timeout = seconds(30);
    std::vector<Door> doors;
    doors.push_back({std::move(acceptor)});
    listener_.emplace(std::move(doors), NetworkExecutor{served_->machine.get_executor()},
                      served_->services, connections);
    const auto count_end = [this](const std::exception_ptr& thrown) {
      EXPECT_FALSE(thrown);
      ++ended_;
    };
    net::co_spawn(served_->machine, listener_->run(0), count_end);
    net::co_spawn(served_->machine, listener_->report(), count_end);
    work_.emplace(served_->machine.get_executor());
    thread_ = std::thread([this] { served_->machine.run(); });
  }
  void TearDown() override {
    if (!thread_.joinable()) return;
    listener_->close();
    EXPECT_TRUE(comes([this] { return ended_ == 2; })) << "close() ends run() and report()";
    work_.reset();
    served_->machine.stop();
    thread_.join();
  }

  static bool comes(const std::function<bool()>& holds, milliseconds limit = seconds(10)) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds() && std::chrono::steady_clock::now() < end) {
      std::this_thread::sleep_for(milliseconds(2));
    }
    return holds();
  }
  std::unique_ptr<RawSocket> connect(const char* from = "127.0.0.7") const {
    return std::make_unique<RawSocket>(port_, from);
  }
  static bool is_closed(const RawSocket& socket, milliseconds limit = seconds(10)) {
    bool closed = false;
    socket.read_to_end(limit, &closed);
    return closed;
  }
  bool has(std::size_t connections) {
    return comes([&] { return listener_->connections() == connections; });
  }
  bool is_alive() const {
    const auto socket = connect();
    socket->send(health);
    std::string answer;
    return socket->read(&answer, seconds(10)) == RawSocket::Read::some &&
           answer.starts_with("HTTP/1.1 200");
  }

  FoundedLog founded_;
  std::optional<ServedLog> served_;
  std::optional<Listener> listener_;
  std::optional<net::executor_work_guard<net::io_context::executor_type>> work_;
  std::atomic<int> ended_{0};
  std::uint16_t port_ = 0;
  std::thread thread_;
};

// A server that is stopped waits for this number to come to zero.
TEST_F(ListenerTest, ItCountsTheConnectionsThatAreOpen) {
  start();
  EXPECT_EQ(listener_->connections(), 0U);
  auto first = connect();
  const auto second = connect();
  EXPECT_TRUE(has(2));
  first.reset();
  EXPECT_TRUE(has(1));
  second->send(health);
  EXPECT_TRUE(is_closed(*second));
  EXPECT_TRUE(has(0));
  EXPECT_EQ(served_->gate.strangers(), 0U) << "the gate has its places back";
}

// Connections that only sit there keep nobody out: the oldest makes room.
TEST_F(ListenerTest, TheOldestStrangerMakesRoomForTheNewest) {
  start(GateLimits{4});
  const auto first = connect();
  ASSERT_TRUE(has(1));
  const auto second = connect();
  ASSERT_TRUE(has(2));
  EXPECT_TRUE(is_alive());
  EXPECT_TRUE(is_closed(*first));
  EXPECT_TRUE(has(1)) << "the second one stays";
  EXPECT_EQ(count_of(served_->security.take(), "pushed_out", "no_greeting"), 1U);
}

// Known devices are not pushed out by anybody.
TEST_F(ListenerTest, WhoIsOneTooManyAmongKnownDevicesIsClosedWithoutAWord) {
  start(GateLimits{2});
  std::vector<std::unique_ptr<RawSocket>> devices;
  for (std::uint64_t number = 1; number <= 2; ++number) {
    devices.push_back(connect());
    ASSERT_TRUE(comes([this] { return served_->gate.strangers() == 1; }));
    served_->gate.prove(number);
  }
  const auto third = connect();
  std::string heard;
  EXPECT_EQ(third->read(&heard, seconds(10)), RawSocket::Read::closed);
  EXPECT_TRUE(has(2));
  EXPECT_EQ(served_->gate.known(), 2U);
  EXPECT_EQ(count_of(served_->security.take(), "full", "busy"), 1U);
  devices[0]->send(health);
  EXPECT_EQ(devices[0]->read(&heard, seconds(10)), RawSocket::Read::some);
}

TEST_F(ListenerTest, AfterItsEndNobodyIsLetIn) {
  start();
  EXPECT_TRUE(is_alive());
  listener_->close();
  EXPECT_TRUE(comes([this] { return ended_ == 2; }));
  EXPECT_FALSE(connect()->is_connected());
}

// A moment without file descriptors must not be the end of the server.
TEST_F(ListenerTest, ItGoesOnWhenFileDescriptorsAreThereAgain) {
#ifdef __SANITIZE_ADDRESS__
  GTEST_SKIP() << "UBSan opens a pipe to look at an object, and here are no descriptors";
#endif
  start();
  ASSERT_TRUE(is_alive());
  ASSERT_TRUE(has(0));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next = ::dup(0);
  ::close(next);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(next) + 1;  // For the caller's own socket, and no more.
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  const auto waiting = connect();
  std::this_thread::sleep_for(milliseconds(150));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  ASSERT_TRUE(waiting->is_connected());
  waiting->send(health);
  EXPECT_TRUE(is_closed(*waiting));
  EXPECT_TRUE(is_alive());
  const auto lines = served_->security.take();
  EXPECT_GE(std::ranges::count(lines, "accept_failed", &SecurityLog::Line::kind), 1);
}

// A thousand devices are more files than a process may have at its start.
TEST(AllowConnections, RaisesTheLimitOfOpenFilesAndLowersNone) {
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 700;
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &low), 0);
  allow_connections(50);
  rlimit after{};
  ::getrlimit(RLIMIT_NOFILE, &after);
  EXPECT_EQ(after.rlim_cur, 700U);
  allow_connections(1'000);
  ::getrlimit(RLIMIT_NOFILE, &after);
  EXPECT_GE(after.rlim_cur, 1'000U);
  EXPECT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
}

}  // namespace
}  // namespace server::test
