#include "tests/e2e/hostile_peer.h"

#include <memory>
#include <string>
#include <vector>

namespace e2e {
namespace {

namespace protocol = events::protocol;

constexpr std::size_t idle_of_each_kind = 100;

class HostileConnection : public HostilePeer {};

// The port is found by scanners within minutes; their noise must end with their connection.
TEST_F(HostileConnection, GarbageInsteadOfHttpIsClosed) {
  std::string noise(5'000, '\0');
  for (std::size_t index = 0; index < noise.size(); ++index) {
    noise[index] = static_cast<char>((index * 131) ^ (index >> 3U));
  }
  for (const std::string& bytes : {noise, std::string("\x16\x03\x01\x02\x00\x01\x00\x01\xfc", 9),
                                   std::string("SSH-2.0-OpenSSH_9.2\r\n\r\n"),
                                   "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n"}) {
    SCOPED_TRACE(bytes.substr(0, 12));
    const RawSocket socket(port());
    socket.send(bytes);
    bool closed = false;
    const std::string answer = socket.read_to_end(answer_limit, &closed);
    EXPECT_TRUE(closed);
    EXPECT_FALSE(answer.starts_with("HTTP/1.1 2"));
  }
}

TEST_F(HostileConnection, HttpThatAsksForSomethingElseGetsItsStatus) {
  EXPECT_EQ(http_status(port(), "/s"), 426);
  EXPECT_EQ(http_status(port(), "/../../etc/passwd"), 404);
  EXPECT_EQ(http_status(port(), "/health/live"), 200);
  const RawSocket socket(port());
  socket.send("POST /health/live HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n");
  std::string answer;
  EXPECT_EQ(socket.read(&answer, answer_limit), RawSocket::Read::some);
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 405")) << answer;
}

// RFC 6455 lets clients send masked frames of known kinds only; others come from broken proxies.
TEST_F(HostileConnection, BrokenWebSocketFramesEndTheConnection) {
  // An unmasked frame; a reserved kind; a ping that is longer than a control frame may be.
  for (const std::string& bytes : {std::string("\x82\x03xyz"), std::string("\x8B\x80\0\0\0\0", 6),
                                   std::string("\x89\xFE\x01\x00", 4) + std::string(300, '\0')}) {
    RawWebSocket socket(port());
    ASSERT_FALSE(socket.is_closed());
    socket.send_raw(bytes);
    EXPECT_TRUE(socket.rest().empty());
    EXPECT_TRUE(socket.is_closed());
  }
}

// Two hundred phones that lost their line in the middle of a greeting must not keep the two
// hundred and first out, and must not stay for ever.
TEST_F(HostileConnection, ConnectionsThatNeverGreetAreEndedWhileOthersWork) {
  std::vector<std::unique_ptr<RawSocket>> halves;
  std::vector<std::unique_ptr<RawWebSocket>> silent;
  for (std::size_t index = 0; index < idle_of_each_kind; ++index) {
    halves.push_back(std::make_unique<RawSocket>(port()));
    ASSERT_TRUE(halves.back()->is_connected());
    if (index % 2 == 0) halves.back()->send("GET /s HTTP/1.1\r\nHost: localhost\r\nUpgrade: web");
    silent.push_back(std::make_unique<RawWebSocket>(port()));
    ASSERT_FALSE(silent.back()->is_closed());
    if (index % 10 == 0) push_one_more();
  }
  for (const auto& socket : silent) expect_error(*socket, events::ErrorCode::timed_out, 0);
  for (const auto& socket : halves) {
    bool closed = false;
    EXPECT_EQ(socket->read_to_end(answer_limit, &closed), "");
    EXPECT_TRUE(closed);
  }
}

}  // namespace
}  // namespace e2e
