#include "platform/net/transport.h"

#include "tests/platform/net/loopback.h"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <array>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>

namespace network::test {
namespace {

using std::chrono::milliseconds;

std::string some_text(std::size_t size) {
  std::string text(size, '\0');
  for (std::size_t index = 0; index < size; ++index) {
    text[index] = static_cast<char>('a' + index * 31 % 26);
  }
  return text;
}

/// Both forms of the stream: everything that stands on it must not see a difference.
class TransportTest : public testing::TestWithParam<bool> {
 protected:
  void SetUp() override {
    if (!GetParam()) return;
    trust_ = std::make_unique<Trust>();
    trust_->secure(line_);
    const auto [here, there] = line_.shake_hands();
    ASSERT_FALSE(here.code || there.code) << line_.client->tls_problem();
  }

  std::unique_ptr<Trust> trust_;
  Loopback line_;
};

INSTANTIATE_TEST_SUITE_P(Both, TransportTest, testing::Bool(),
                         [](const auto& form) { return form.param ? "Tls" : "PlainText"; });

TEST_P(TransportTest, CarriesBytesBothWaysAndCountsThoseOfTheStream) {
  const std::string up = some_text(300'000);
  const std::string down = some_text(70'001);
  EXPECT_EQ(line_.carry(*line_.client, *line_.server, up), up);
  EXPECT_EQ(line_.carry(*line_.server, *line_.client, down), down);
  EXPECT_EQ(line_.client->bytes_written(), up.size());
  EXPECT_EQ(line_.server->bytes_read(), up.size());
  EXPECT_EQ(line_.server->bytes_written(), down.size());
  EXPECT_EQ(line_.client->bytes_read(), down.size());
}

// The head of a message and its body lie in two places.
TEST_P(TransportTest, SeveralBuffersGoInTheirOrder) {
  const std::array<asio::const_buffer, 4> buffers = {asio::buffer("head ", 5), asio::buffer("", 0),
                                                     asio::buffer("body ", 5),
                                                     asio::buffer("tail", 4)};
  Outcome written;
  line_.client->async_write_some(buffers, line_.into(written));
  ASSERT_TRUE(line_.run_until([&] { return written.came; }));
  EXPECT_EQ(written.size, 14U);
  std::string read(64, '\0');
  Outcome reading;
  line_.server->async_read_some(asio::buffer(read), line_.into(reading));
  ASSERT_TRUE(line_.run_until([&] { return reading.came; }));
  EXPECT_EQ(read.substr(0, reading.size), "head body tail");
}

// Whoever is called while it still starts something finds itself half changed.
TEST_P(TransportTest, NoHandlerIsCalledByTheFunctionThatItWasGivenTo) {
  Outcome written;
  Outcome nothing;
  Outcome read;
  std::string buffer(16, '\0');
  bool was_called = false;
  /// Starts an operation as everything does: from a handler of the stream's own thread.
  const auto start = [&](const Outcome& outcome, const std::function<void()>& begin) {
    asio::post(line_.context, [&outcome, begin, &was_called] {
      begin();
      was_called = was_called || outcome.came;
    });
    ASSERT_TRUE(line_.run_until([&] { return outcome.came; }));
  };
  start(written,
        [&] { line_.client->async_write_some(asio::buffer("x", 1), line_.into(written)); });
  start(nothing, [&] { line_.client->async_write_some(asio::buffer("", 0), line_.into(nothing)); });
  std::this_thread::sleep_for(milliseconds(20));  // The byte is there.
  start(read, [&] { line_.server->async_read_some(asio::buffer(buffer), line_.into(read)); });
  EXPECT_FALSE(was_called);
  EXPECT_EQ(read.size, 1U);
  EXPECT_EQ(nothing.size, 0U);
}

TEST_P(TransportTest, ClosingEndsWhatIsUnderWay) {
  Outcome reading;
  std::string buffer(16, '\0');
  line_.server->async_read_some(asio::buffer(buffer), line_.into(reading));
  line_.server->close();
  ASSERT_TRUE(line_.run_until([&] { return reading.came; }));
  EXPECT_EQ(reading.code, asio::error::operation_aborted);
}

// The gate pushes a stranger out from another thread, and the connection may just have ended.
TEST_P(TransportTest, ItCanBeClosedFromAnotherThreadAlsoWhenItIsGone) {
  const std::function<void()> close = line_.server->closer();
  Outcome reading;
  std::string buffer(16, '\0');
  line_.server->async_read_some(asio::buffer(buffer), line_.into(reading));
  std::thread(close).join();
  EXPECT_FALSE(reading.came) << "it is done on the stream's own thread";
  ASSERT_TRUE(line_.run_until([&] { return reading.came; }));
  EXPECT_EQ(reading.code, asio::error::operation_aborted);
  line_.server.reset();
  line_.run_until([] { return false; }, milliseconds(30));
  close();
}

TEST_P(TransportTest, ItEndsWhenItsTimeIsOver) {
  Outcome reading;
  std::string buffer(16, '\0');
  const auto begin = Transport::Clock::now();
  line_.server->expires_after(milliseconds(50));
  line_.server->async_read_some(asio::buffer(buffer), line_.into(reading));
  ASSERT_TRUE(line_.run_until([&] { return reading.came; }));
  EXPECT_EQ(reading.code, asio::error::operation_aborted);
  EXPECT_GE(Transport::Clock::now() - begin, milliseconds(50));
}

TEST_P(TransportTest, ATimeThatWasRenewedOrTakenBackEndsNothing) {
  Outcome reading;
  std::string buffer(16, '\0');
  line_.server->async_read_some(asio::buffer(buffer), line_.into(reading));
  line_.server->expires_after(milliseconds(10));
  line_.server->expires_after(std::chrono::hours(1));
  EXPECT_FALSE(line_.run_until([&] { return reading.came; }, milliseconds(100)));
  line_.server->expires_after(milliseconds(10));
  std::this_thread::sleep_for(milliseconds(20));  // It is over, and nobody was told yet.
  line_.server->expires_never();
  EXPECT_FALSE(line_.run_until([&] { return reading.came; }, milliseconds(100)));
  EXPECT_TRUE(line_.server->socket().is_open());
}

// A refusal that the kernel throws away with a reset tells the device nothing.
TEST_P(TransportTest, TheLastWordsAreReadAlsoWhenTheOtherSideStillSends) {
  Outcome sent;
  const std::string unread = some_text(3'000);
  line_.client->async_write_some(asio::buffer(unread), line_.into(sent));
  ASSERT_TRUE(line_.run_until([&] { return sent.came; }));
  const std::string words = "413 too much";
  Outcome said;
  line_.server->async_write_some(asio::buffer(words), line_.into(said));
  ASSERT_TRUE(line_.run_until([&] { return said.came; }));
  Outcome shut;
  line_.server->async_shut_down(line_.into(shut));
  std::string heard;
  std::string buffer(4'096, '\0');
  for (Outcome reading; !reading.code; heard.append(buffer, 0, reading.size)) {
    reading = {};
    line_.client->async_read_some(asio::buffer(buffer), line_.into(reading));
    ASSERT_TRUE(line_.run_until([&] { return reading.came; }));
    if (reading.code) {
      EXPECT_EQ(reading.code, asio::error::eof);
      break;
    }
  }
  EXPECT_EQ(heard, words);
  EXPECT_FALSE(shut.came) << "it waits for the other side";
  line_.client->close();
  ASSERT_TRUE(line_.run_until([&] { return shut.came; }));
  EXPECT_FALSE(line_.server->socket().is_open());
}

// OpenSSL's own way to a socket ends the process by SIGPIPE.
TEST_P(TransportTest, WritingToWhoHasGoneIsAnErrorAndNothingWorse) {
  line_.carry(*line_.server, *line_.client, "x");  // Nothing unread lies there: it ends in order.
  line_.client->close();
  const std::string text = some_text(4'000);
  Outcome writing;
  for (int count = 0; count < 20 && !writing.code; ++count) {
    writing = {};
    line_.server->async_write_some(asio::buffer(text), line_.into(writing));
    ASSERT_TRUE(line_.run_until([&] { return writing.came; }));
    std::this_thread::sleep_for(milliseconds(5));
  }
  EXPECT_TRUE(writing.code);
}

TEST_P(TransportTest, ItKnowsWhenItLastHeardAnything) {
  const auto before = line_.server->heard_at();
  std::this_thread::sleep_for(milliseconds(20));
  EXPECT_EQ(line_.server->heard_at(), before);
  line_.carry(*line_.client, *line_.server, "x");
  EXPECT_GE(line_.server->heard_at(), before + milliseconds(20));
}

TEST_P(TransportTest, OnlyTlsBinds) {
  EXPECT_EQ(line_.client->binding().has_value(), GetParam());
  EXPECT_EQ(line_.client->ssl() != nullptr, GetParam());
}

// A greeting is bound to the connection it was made for: a relay between two connections would
// otherwise pass it on.
// A server that was told to stop has connections that wait: each held itself, for ever.
TEST(Transport, ALoopThatEndsDestroysTheCoroutineThatWaits) {
  const auto witness = std::make_shared<int>();
  {
    asio::io_context machine;
    asio::ip::tcp::acceptor acceptor(machine, {asio::ip::address_v4::loopback(), 0});
    asio::ip::tcp::socket other(machine);
    other.connect(acceptor.local_endpoint());
    auto serve = [](Transport transport, std::shared_ptr<int>) -> asio::awaitable<void> {
      std::string read(64, '\0');
      co_await transport.async_read_some(asio::buffer(read), asio::use_awaitable);
    };
    const asio::any_io_executor strand = asio::make_strand(machine);
    asio::co_spawn(strand, serve(Transport(acceptor.accept(strand)), witness), asio::detached);
    machine.poll();
    EXPECT_GT(witness.use_count(), 1);
  }
  EXPECT_EQ(witness.use_count(), 1);
}

TEST(Transport, BothEndsOfOneConnectionHaveOneBindingAndNoOtherHasIt) {
  const Trust trust;
  Loopback first;
  Loopback second;
  trust.secure(first);
  trust.secure(second);
  ASSERT_FALSE(first.shake_hands().first.code);
  ASSERT_FALSE(second.shake_hands().first.code);
  EXPECT_EQ(first.client->binding()->bytes, first.server->binding()->bytes);
  EXPECT_NE(first.client->binding()->bytes, second.client->binding()->bytes);
}

// A mast that breaks says nothing about who is at the other end of the line.
TEST(Transport, ALineThatIsCutInTheHandshakeIsAnEndAndNotAFaultOfTls) {
  const Trust trust;
  Loopback line;
  line.client->use_tls(trust.client->connect("localhost", ""));
  Outcome shaking;
  line.client->async_handshake(line.into(shaking));
  EXPECT_FALSE(shaking.came);
  line.run_until([] { return false; }, milliseconds(30));
  line.server->socket().shutdown(Transport::tcp::socket::shutdown_send);
  ASSERT_TRUE(line.run_until([&] { return shaking.came; }));
  EXPECT_EQ(shaking.code, asio::error::eof);
  EXPECT_EQ(line.client->tls_problem(), "");
}

TEST(Transport, WhatIsNoTlsIsAFaultThatHasWords) {
  const Trust trust;
  Loopback line;
  line.server->use_tls(trust.server->accept());
  Outcome shaking;
  Outcome sent;
  line.server->async_handshake(line.into(shaking));
  const std::string request = "GET / HTTP/1.1\r\n\r\n";
  line.client->async_write_some(asio::buffer(request), line.into(sent));
  ASSERT_TRUE(line.run_until([&] { return shaking.came; }));
  EXPECT_EQ(shaking.code, make_error_code(boost::system::errc::protocol_error));
  EXPECT_FALSE(line.server->tls_problem().empty());
}

}  // namespace
}  // namespace network::test
