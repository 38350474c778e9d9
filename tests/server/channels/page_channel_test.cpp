#include "server/channels/page_channel.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>

namespace server {
namespace {

using std::chrono::milliseconds;
using tcp = net::ip::tcp;
using Clock = std::chrono::steady_clock;

/// A reader on the other end of a connection over which an answer of `size` bytes is sent.
struct PageChannel : testing::Test {
  net::io_context context;
  tcp::acceptor acceptor{context, {net::ip::address_v4::loopback(), 0}};
  tcp::socket reader{context};
  std::string file;
  std::optional<bool> is_sent;
  Clock::duration taken{};

  /// Sends the answer while `read` runs on this thread.
  template <class Read>
  void send(std::size_t size, PagePace pace, Read read) {
    file.assign(size, 'x');
    reader.open(tcp::v4());
    reader.set_option(net::socket_base::receive_buffer_size(16 * 1024));
    reader.connect(acceptor.local_endpoint());
    network::Transport stream(acceptor.accept());
    PageAnswer answer;
    answer.body = file;
    const auto begin = Clock::now();
    net::co_spawn(context, send_page(stream, answer, true, pace),
                  [&](const std::exception_ptr&, bool sent) {
                    is_sent = sent;
                    taken = Clock::now() - begin;
                    stream.expires_never();
                    stream.close();
                  });
    std::thread sender([this] { context.run(); });
    read();
    sender.join();
  }
  std::size_t read_all() {
    std::string all;
    boost::system::error_code ended;
    net::read(reader, net::dynamic_buffer(all), ended);
    return all.size();
  }
};

TEST_F(PageChannel, AllOfItArrives) {
  std::size_t read = 0;
  send(1'000'000, {}, [&] { read = read_all(); });
  EXPECT_EQ(is_sent, true);
  EXPECT_GT(read, 1'000'000U) << "the head stands before it";
}

// On a line of 64 kbit/s the page takes a minute, which was longer than strangers had.
TEST_F(PageChannel, ASlowReaderGetsAllWhileItTakesSomethingInEachWindow) {
  std::size_t read = 0;
  const PagePace pace{.answer = milliseconds(20'000), .window = milliseconds(1'000)};
  send(600'000, pace, [&] {
    std::string some(10'000, ' ');
    boost::system::error_code ended;
    while (!ended) {
      read += reader.read_some(net::buffer(some), ended);
      if (!ended) std::this_thread::sleep_for(milliseconds(30));
    }
  });
  EXPECT_EQ(is_sent, true);
  EXPECT_GT(read, 600'000U);
  EXPECT_GT(taken, milliseconds(1'000)) << "it took more than one window";
}

TEST_F(PageChannel, AReaderThatTakesNothingIsLeftAfterOneWindow) {
  send(4'000'000, {.answer = milliseconds(20'000), .window = milliseconds(300)},
       [&] { std::this_thread::sleep_for(milliseconds(600)); });
  EXPECT_EQ(is_sent, false);
  EXPECT_LT(taken, milliseconds(5'000));
}

// Whoever drips just enough for each window still has an end.
TEST_F(PageChannel, AnAnswerHasAnEnd) {
  send(4'000'000, {.answer = milliseconds(500), .window = milliseconds(20'000)}, [&] {
    std::string some(10'000, ' ');
    boost::system::error_code ended;
    while (!ended) {
      reader.read_some(net::buffer(some), ended);
      std::this_thread::sleep_for(milliseconds(10));
    }
  });
  EXPECT_EQ(is_sent, false);
  EXPECT_GE(taken, milliseconds(450));
}

}  // namespace
}  // namespace server
