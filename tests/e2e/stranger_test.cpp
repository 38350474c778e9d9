#include "events/protocol/frame_codec.h"
#include "tests/e2e/corpus_device.h"
#include "tests/e2e/raw_web_socket.h"
#include "tests/e2e/server_child.h"

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace e2e {
namespace {

namespace protocol = events::protocol;
using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr const char* stranger = "127.0.0.7";

/// A server that strangers come to, and one device that it knows.
class Stranger : public testing::Test {
 protected:
  void start(std::vector<std::string> options = {}) {
    device_ = std::make_unique<CorpusDevice>(scratch_ / "server");
    server_ = std::make_unique<ServerChild>(scratch_ / "server", "", std::move(options));
    ASSERT_TRUE(server_->listens()) << server_->errors();
  }
  std::uint16_t port() const { return server_->port(); }

  /// Whether the device's greeting is answered.
  bool is_welcome() {
    RawWebSocket socket(port());
    return socket.send(device_->hello()) && socket.next_of<protocol::Welcome>(seconds(10));
  }

  /// The answer to `request`, and nothing behind it.
  std::string ask(const std::string& request, const char* from = "127.0.0.1",
                  milliseconds limit = seconds(20)) const {
    const RawSocket socket(port(), from);
    socket.send(request);
    std::string answer;
    socket.read(&answer, limit);
    return answer;
  }

  static std::string post(const std::string& target, const std::string& body,
                          const std::string& heads = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: localhost\r\n" + heads +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  std::string log_at_end() {
    EXPECT_EQ(server_->stop(), (Ending{0, 0}));
    return server_->errors();
  }

  ScratchDirectory scratch_;
  std::unique_ptr<CorpusDevice> device_;
  std::unique_ptr<ServerChild> server_;
};

// 320 sockets that read health every second kept all devices out, and the log said nothing.
TEST_F(Stranger, ReadersOfHealthKeepNoDeviceOut) {
  start({"--max-connections", "100"});
  std::vector<std::unique_ptr<RawSocket>> readers;
  for (int index = 0; index < 130; ++index) {
    readers.push_back(std::make_unique<RawSocket>(port(), stranger));
    readers.back()->send("GET /health/live HTTP/1.1\r\nHost: x\r\nX: ");
  }
  for (int attempt = 0; attempt < 5; ++attempt) EXPECT_TRUE(is_welcome()) << attempt;
  readers.clear();
  const std::string log = log_at_end();
  EXPECT_NE(log.find("pushed_out addr=127.0.0.7"), std::string::npos) << log;
}

TEST_F(Stranger, AConnectionForHealthIsAnsweredOnce) {
  start();
  const RawSocket socket(port());
  socket.send(
      "GET /health/live HTTP/1.1\r\nHost: x\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n");
  bool closed = false;
  const std::string answer = socket.read_to_end(seconds(20), &closed);
  EXPECT_TRUE(closed);
  EXPECT_EQ(answer.find("alive"), answer.rfind("alive")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos) << answer;
}

TEST_F(Stranger, HeadOfHealthIsItsAnswerWithoutTheBody) {
  start();
  const RawSocket socket(port());
  socket.send("HEAD /health/ready HTTP/1.1\r\nHost: x\r\n\r\n");
  const std::string answer = socket.read_to_end(seconds(20));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
}

TEST_F(Stranger, HostOriginAndExpectAreMinded) {
  start();
  EXPECT_TRUE(ask("GET /health/live HTTP/1.1\r\n\r\n").starts_with("HTTP/1.1 400"));
  const std::string upgrade =
      "GET /s HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
  EXPECT_TRUE(ask(upgrade + "Origin: https://evil.example\r\n\r\n").starts_with("HTTP/1.1 403"));
  EXPECT_TRUE(ask(upgrade + "Origin: http://localhost\r\n\r\n").starts_with("HTTP/1.1 101"));
  EXPECT_TRUE(ask("POST /s/x HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue"
                  "\r\n\r\n")
                  .starts_with("HTTP/1.1 100"));
}

// A client saw success where nothing had happened.
TEST_F(Stranger, ARequestWithoutAGreetingIsNotPermitted) {
  start();
  const std::string answer = ask(post("/s/x", ""));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200")) << answer;
  const std::string body = answer.substr(answer.find("\r\n\r\n") + 4);
  const auto frames = protocol::read_frames(events::bytes_of(body));
  ASSERT_TRUE(frames);
  ASSERT_EQ(frames->size(), 1U);
  const auto* const error = std::get_if<protocol::ErrorFrame>(&frames->front());
  ASSERT_NE(error, nullptr);
  EXPECT_EQ(error->code, events::ErrorCode::not_permitted);
}

// 7,100 guesses a second of enrolment codes left no line in the log.
TEST_F(Stranger, GuessesOfOneAddressWaitAndAreCountedInOneLine) {
  start();
  const auto begin = steady_clock::now();
  for (int attempt = 0; attempt < 12; ++attempt) {
    EXPECT_TRUE(ask(post("/s/x", "rubbish"), stranger).starts_with("HTTP/1.1 200")) << attempt;
  }
  EXPECT_GE(steady_clock::now() - begin, seconds(3)) << "the eleventh waits 1 s, the twelfth 2 s";
  const auto at_home = steady_clock::now();
  EXPECT_TRUE(is_welcome());
  EXPECT_LT(steady_clock::now() - at_home, seconds(3));
  const std::string log = log_at_end();
  EXPECT_NE(log.find("refused_greeting addr=127.0.0.7 reason=malformed chain=0 count="),
            std::string::npos)
      << log;
}

// Four posts of four bytes shut all carriers out, a minute each.
TEST_F(Stranger, NobodyTakesAPlaceForBundlesWithoutADevicesSignature) {
  start();
  std::vector<std::unique_ptr<RawSocket>> sitters;
  for (int index = 0; index < 6; ++index) {
    sitters.push_back(std::make_unique<RawSocket>(port(), stranger));
    sitters.back()->send(
        "POST /bundle HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000000\r\n\r\nCSB1");
  }
  const std::string answer = ask(post("/bundle", std::string(64, 'x')));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 400")) << answer << " and not 503";
  bool closed = false;
  sitters.front()->read_to_end(seconds(14), &closed);
  EXPECT_TRUE(closed) << "the beginning comes within ten seconds";
}

TEST_F(Stranger, ABundleThatIsTooLongHearsTheLimitOfBundles) {
  start();
  const std::string answer =
      ask("POST /bundle HTTP/1.1\r\nHost: x\r\nContent-Length: 2147483649\r\n\r\nCSB1");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 413")) << answer;
  EXPECT_NE(answer.find("2147483648 bytes"), std::string::npos) << answer;
}

TEST_F(Stranger, RubbishForTheDeskIsOneLineOfTheLog) {
  start();
  for (int index = 0; index < 200; ++index) ask(post("/bundle", std::string(64, 'x')));
  const std::string log = log_at_end();
  EXPECT_NE(log.find("bundle_refused addr=127.0.0.1 reason=malformed chain=0 count=200"),
            std::string::npos)
      << log;
}

// Bodies that stop a byte before their end were kept for two minutes.
TEST_F(Stranger, ABodyThatStopsComingEndsItsConnection) {
  start();
  const RawSocket socket(port(), stranger);
  socket.send("POST /s/x HTTP/1.1\r\nHost: x\r\nContent-Length: 131072\r\n\r\n" +
              std::string(131'000, 'x'));
  bool closed = false;
  socket.read_to_end(seconds(25), &closed);
  EXPECT_TRUE(closed);
}

// A frame's head may announce 2^63 bytes; nobody waits for the first of them.
TEST_F(Stranger, AFrameThatAnnouncesTooMuchIsRefusedByItsHead) {
  start();
  for (const char* const length :
       {"\x00\x00\x01\x00\x00\x00\x00\x00", "\x80\x00\x00\x00\x00\x00\x00\x00"}) {
    RawWebSocket socket(port());
    ASSERT_FALSE(socket.is_closed());
    socket.send_raw(std::string("\x82\xFF", 2) + std::string(length, 8) + "mask");
    socket.rest(seconds(5));
    EXPECT_TRUE(socket.is_closed());
  }
}

// A byte a second kept half a message, and its connection, for as long as anybody watched.
TEST_F(Stranger, AMessageThatHasBegunEndsWithinAMinute) {
  start();
  RawWebSocket socket(port());
  socket.answer_with(device_->key());
  ASSERT_TRUE(socket.send(device_->hello()));
  ASSERT_TRUE(socket.next_of<protocol::Welcome>());
  socket.send_raw(std::string("\x82\xFE\x40\x00", 4) + "mask");
  const auto begin = steady_clock::now();
  while (!socket.is_closed() && steady_clock::now() - begin < seconds(100)) {
    socket.send_raw("x");
    socket.next(seconds(3));
  }
  EXPECT_TRUE(socket.is_closed());
  EXPECT_GE(steady_clock::now() - begin, seconds(55)) << "a slow line has its minute";
}

// A pong a second kept a connection on which nothing was read, and what waited for it, for ever.
TEST_F(Stranger, AReaderThatTakesNothingEndsItsConnection) {
  start({"--write-seconds", "5"});
  RawWebSocket socket(port());
  socket.answer_with(device_->key());
  ASSERT_TRUE(socket.send(device_->hello()));
  ASSERT_TRUE(socket.next_of<protocol::Welcome>());
  // The founding's proof, more often than the kernels at both ends have room for.
  const protocol::Prove question{std::vector<events::Position>(64, events::Position{1})};
  for (int asked = 0; asked < 40; ++asked) ASSERT_TRUE(socket.send(question));
  const auto begin = steady_clock::now();
  const auto has_ended = [&] {
    return server_->errors().find("reader_stopped") != std::string::npos;
  };
  while (!has_ended() && steady_clock::now() - begin < seconds(40)) {
    socket.send_message(RawWebSocket::Kind::pong, {});
    std::this_thread::sleep_for(seconds(1));
  }
  EXPECT_TRUE(has_ended()) << server_->errors();
  EXPECT_GE(steady_clock::now() - begin, seconds(4)) << "a slow line has its time";
}

TEST_F(Stranger, AnExpiredCertificateStartsForRepairOnly) {
  const bench::Certificate certificate = bench::make_certificate(scratch_ / "tls", -30, -1);
  const std::vector<std::string> options{"--tls-certificate", certificate.certificate.string(),
                                         "--tls-key", certificate.key.string()};
  ServerChild refused(scratch_ / "server", "", options);
  EXPECT_FALSE(refused.listens());
  EXPECT_NE(refused.errors().find("the certificate ended on"), std::string::npos)
      << refused.errors();
  std::vector<std::string> repair = options;
  repair.emplace_back("--allow-expired-certificate");
  ServerChild allowed(scratch_ / "server", "", repair);
  EXPECT_TRUE(allowed.listens()) << allowed.errors();
  EXPECT_NE(allowed.errors().find("certificate_ends"), std::string::npos) << allowed.errors();
}

// `umask 022` and `mkdir` before the first start, as everybody does it.
TEST_F(Stranger, OtherUsersOfTheMachineReadNothingOfTheServersData) {
  std::filesystem::create_directories(scratch_ / "server");
  using std::filesystem::perms;
  std::filesystem::permissions(scratch_ / "server", perms::owner_all | perms::group_read |
                                                        perms::others_read | perms::group_exec |
                                                        perms::others_exec);
  start();
  EXPECT_TRUE(is_welcome());
  const perms others = perms::group_all | perms::others_all;
  EXPECT_EQ(std::filesystem::status(scratch_ / "server").permissions() & others, perms::none);
  for (const auto& entry : std::filesystem::recursive_directory_iterator(scratch_ / "server")) {
    EXPECT_EQ(entry.status().permissions() & others, perms::none) << entry.path();
  }
}

}  // namespace
}  // namespace e2e
