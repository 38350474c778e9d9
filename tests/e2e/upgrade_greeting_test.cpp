#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"
#include "tests/e2e/hostile_peer.h"

#include <string>

namespace e2e {
namespace {

namespace protocol = events::protocol;

class UpgradeGreeting : public HostilePeer {
 protected:
  static std::string offer(const protocol::Message& greeting) {
    return protocol::offered_subprotocols(protocol::encode_frame(greeting));
  }
};

// A round trip is 600 ms on the lines of the hamlets: the answer comes right behind the upgrade.
TEST_F(UpgradeGreeting, IsAnsweredWithoutAMessageOfTheDevice) {
  const protocol::Hello hello = stolen_hello();
  RawWebSocket socket(port(), offer(hello));
  socket.answer_with(stolen_key(), hello);
  ASSERT_FALSE(socket.is_closed());
  EXPECT_NE(socket.upgrade_answer().find("Sec-WebSocket-Protocol: cs1\r\n"), std::string::npos)
      << socket.upgrade_answer();
  EXPECT_TRUE(socket.next_of<protocol::Welcome>());
  EXPECT_TRUE(socket.next_of<protocol::Mark>());
}

// Where a proxy takes the header out, and for clients that do not know the way.
TEST_F(UpgradeGreeting, MayStillComeAsTheFirstMessage) {
  for (const char* offered : {"", "cs1", "soap"}) {
    RawWebSocket socket(port(), offered);
    ASSERT_FALSE(socket.is_closed()) << offered;
    const bool answered = socket.upgrade_answer().find("cs1") != std::string::npos;
    EXPECT_EQ(answered, std::string(offered) == "cs1");
    socket.send(stolen_hello());
    EXPECT_TRUE(socket.next_of<protocol::Welcome>()) << offered;
  }
}

TEST_F(UpgradeGreeting, IsRefusedLikeOneInAMessage) {
  protocol::Hello unsigned_hello = stolen_hello();
  unsigned_hello.signature.bytes[0] ^= 1U;
  RawWebSocket forged(port(), offer(unsigned_hello));
  expect_error(forged, events::ErrorCode::bad_signature, 0x81);
  RawWebSocket garbled(port(), "cs1, h.*");
  expect_error(garbled, events::ErrorCode::malformed, 0);
  RawWebSocket truncated(port(), offer(stolen_hello()).substr(0, 63));
  expect_error(truncated, events::ErrorCode::malformed, 0x81);
}

TEST_F(UpgradeGreeting, IsTheOnlyGreeting) {
  RawWebSocket socket(port(), offer(stolen_hello()));
  ASSERT_TRUE(socket.next_of<protocol::Welcome>());
  socket.send(stolen_hello());
  const auto error = socket.next_of<protocol::ErrorFrame>();
  ASSERT_TRUE(error);
  EXPECT_EQ(error->code, events::ErrorCode::not_permitted);
}

}  // namespace
}  // namespace e2e
