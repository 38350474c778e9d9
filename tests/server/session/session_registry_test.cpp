#include "server/session/session_registry.h"

#include <gtest/gtest.h>

#include <vector>

namespace server {
namespace {

using events::protocol::GoawayReason;

constexpr events::ChainNumber chain{3};

class TwoConnections : public testing::Test {
 protected:
  TwoConnections() {
    for (const std::uint64_t session : {1, 2}) {
      registry_.enter(
          session, [this, session](GoawayReason) { told_.push_back(session); }, 10);
    }
  }

  SessionRegistry registry_;
  std::vector<std::uint64_t> told_;  ///< Sessions that were told to go, in order.
};

// A connection that died unnoticed must not keep its device out.
TEST_F(TwoConnections, NewerOneOfAChainReplacesTheOlder) {
  registry_.claim(1, chain);
  registry_.claim(2, chain);
  EXPECT_EQ(told_, std::vector<std::uint64_t>{1});
}

// On two cores a dead connection may be admitted after the living one that followed it.  If it won,
// the device would be thrown out by its own past.
TEST_F(TwoConnections, OlderOneThatIsAdmittedLaterGoesItself) {
  registry_.claim(2, chain);
  registry_.claim(1, chain);
  EXPECT_EQ(told_, std::vector<std::uint64_t>{1});
  registry_.leave(1, chain);
  registry_.enter(
      3, [](GoawayReason) {}, 10);
  registry_.claim(3, chain);
  EXPECT_EQ(told_, (std::vector<std::uint64_t>{1, 2})) << "the newer one still speaks";
}

TEST_F(TwoConnections, DifferentChainsDoNotMeet) {
  registry_.claim(1, chain);
  registry_.claim(2, events::ChainNumber{4});
  EXPECT_TRUE(told_.empty());
}

}  // namespace
}  // namespace server
