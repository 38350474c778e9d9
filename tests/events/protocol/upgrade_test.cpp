#include "events/protocol/upgrade.h"

#include <gtest/gtest.h>

#include <string>

namespace events::protocol {
namespace {

TEST(Upgrade, CarriesAGreeting) {
  const Bytes frame{0x81, 0x02, 0xFB, 0xFF};
  const std::string offered = offered_subprotocols(frame);
  EXPECT_EQ(offered, "cs1, h.gQL7_w");
  EXPECT_TRUE(offers_subprotocol(offered));
  const auto read = greeting_in(offered);
  ASSERT_TRUE(read);
  EXPECT_EQ(*read, frame);
}

TEST(Upgrade, LeavesLongGreetingsToTheFirstMessage) {
  EXPECT_EQ(offered_subprotocols(Bytes(upgrade_greeting_max + 1, 1)), "cs1");
  EXPECT_EQ(offered_subprotocols({}), "cs1");
  EXPECT_EQ(*greeting_in("cs1"), std::nullopt);
}

// Proxies rewrite lists: blanks, order, other protocols.
TEST(Upgrade, FindsTheGreetingWhereverItStands) {
  for (const char* offered : {"h.gQL7_w,cs1", "  soap ,\th.gQL7_w , cs1 ", "cs1,,h.gQL7_w"}) {
    EXPECT_TRUE(offers_subprotocol(offered)) << offered;
    const auto read = greeting_in(offered);
    ASSERT_TRUE(read) << offered;
    EXPECT_EQ(*read, (Bytes{0x81, 0x02, 0xFB, 0xFF})) << offered;
  }
  EXPECT_FALSE(offers_subprotocol(""));
  EXPECT_FALSE(offers_subprotocol("cs10, mqtt"));
}

TEST(Upgrade, RefusesAGreetingThatCannotBeRead) {
  for (const char* offered : {"cs1, h.!!", "cs1, h.A", "cs1, h.gQL7_w=="}) {
    const auto read = greeting_in(offered);
    ASSERT_FALSE(read) << offered;
    EXPECT_EQ(read.error().code, ErrorCode::malformed);
  }
}

}  // namespace
}  // namespace events::protocol
