#include "tools/link/relay.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace link_emulator {
namespace {

namespace net = boost::asio;
using boost::system::error_code;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

/// Somebody who connects through the relay, and somebody who sends back what comes.
class Line : public testing::Test {
 protected:
  void use(const Profile& profile) {
    const net::ip::address_v4 here = net::ip::address_v4::loopback();
    listener_.emplace(context_, net::ip::tcp::endpoint(here, 0));
    relay_.emplace(context_.get_executor(), net::ip::tcp::acceptor(context_, {here, 0}),
                   listener_->local_endpoint(), profile);
    relay_->start();
    answer_calls();
    connect();
  }

  void connect() {
    near_.emplace(context_);
    near_->connect({net::ip::address_v4::loopback(), relay_->port()});
  }

  /// Runs until `done`; false when that takes too long.
  bool run(const std::function<bool()>& done, Clock::duration limit = 20s) {
    const auto end = Clock::now() + limit;
    while (!done()) {
      if (Clock::now() > end) return false;
      context_.restart();
      context_.run_one_for(50ms);
    }
    return true;
  }

  /// Sends `text` there and back; how it ended.
  error_code echo(const std::string& text) {
    std::string back(text.size(), '\0');
    std::optional<error_code> ended;
    net::async_write(*near_, net::buffer(text), [](const error_code&, std::size_t) {});
    net::async_read(*near_, net::buffer(back),
                    [&](const error_code& error, std::size_t) { ended = error; });
    if (!run([&] { return ended.has_value(); })) {
      near_->close();
      run([&] { return ended.has_value(); });
      return net::error::timed_out;
    }
    if (!*ended) {
      EXPECT_EQ(back, text);
    }
    return *ended;
  }

  Relay& relay() { return *relay_; }

  /// Packets that the kernel had to send twice, on either side of the relay.
  unsigned sent_twice() {
    unsigned sum = 0;
    for (net::ip::tcp::socket* const socket : {&*near_, far_.get()}) {
      tcp_info info{};
      socklen_t size = sizeof(info);
      getsockopt(socket->native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size);
      sum += info.tcpi_total_retrans;
    }
    return sum;
  }

 private:
  void answer_calls() {
    listener_->async_accept([this](const error_code& error, net::ip::tcp::socket socket) {
      if (error) return;
      far_ = std::make_shared<net::ip::tcp::socket>(std::move(socket));
      mirror(far_);
      answer_calls();
    });
  }
  void mirror(const std::shared_ptr<net::ip::tcp::socket>& socket) {
    auto bytes = std::make_shared<std::string>(4'096, '\0');
    socket->async_read_some(
        net::buffer(*bytes), [this, socket, bytes](const error_code& error, std::size_t size) {
          if (error) return;
          bytes->resize(size);
          net::async_write(*socket, net::buffer(*bytes),
                           [this, socket, bytes](const error_code& failed, std::size_t) {
                             if (!failed) mirror(socket);
                           });
        });
  }

  net::io_context context_{1};
  std::optional<net::ip::tcp::acceptor> listener_;
  std::optional<Relay> relay_;
  std::optional<net::ip::tcp::socket> near_;
  std::shared_ptr<net::ip::tcp::socket> far_;
};

class LinkRelay : public Line {};

TEST_F(LinkRelay, CarriesBytesUnchangedBothWays) {
  use({});
  std::string text(200'000, '\0');
  for (std::size_t index = 0; index < text.size(); ++index) text[index] = static_cast<char>(index);
  EXPECT_FALSE(echo(text));
  EXPECT_EQ(relay().carried().up, text.size());
  EXPECT_EQ(relay().carried().down, text.size());
}

// The bounds are those of the line; above them only what a busy machine adds.
TEST_F(LinkRelay, TakesAsLongAsItsLine) {
  Profile profile;
  profile.rate_bits = 160'000;
  profile.overhead = 0;
  profile.delay = 50ms;
  use(profile);
  const auto start = Clock::now();
  EXPECT_FALSE(echo(std::string(4'000, 'x')));
  // The handshake of TCP, then 0.2 s of bytes each way, the second overlapping, and the way.
  EXPECT_GE(Clock::now() - start, 100ms + 100ms + 200ms);
}

// A window that is made smaller behind the handshake lets the kernel throw packets away: the line
// then stands still for seconds, and what is measured on it is the relay.
TEST_F(LinkRelay, LosesNoPacketByItself) {
  Profile profile;
  profile.rate_bits = 4'000'000;
  use(profile);
  EXPECT_FALSE(echo(std::string(400'000, 'x')));
  EXPECT_EQ(sent_twice(), 0U);
}

TEST_F(LinkRelay, CutsAfterSoManyBytesAndLetsTheNextOneThrough) {
  Profile profile;
  profile.cut_bytes = 2'000;
  use(profile);
  EXPECT_TRUE(echo(std::string(100'000, 'x')));
  EXPECT_EQ(relay().carried().cuts, 1U);
  connect();
  EXPECT_FALSE(echo("x"));
  EXPECT_EQ(relay().carried().connections, 2U);
}

TEST_F(LinkRelay, GoesDownAndComesBack) {
  Profile profile;
  profile.up = 30ms;
  profile.down = 30ms;
  use(profile);
  EXPECT_TRUE(run([&] { return relay().carried().cuts >= 1; }));
  bool passed = false;
  for (int attempt = 0; attempt < 200 && !passed; ++attempt) {
    connect();
    passed = !echo("x");
  }
  EXPECT_TRUE(passed);
}

}  // namespace
}  // namespace link_emulator
