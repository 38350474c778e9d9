#include "server/page/page_room.h"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

namespace server {
namespace {

PeerAddress from(const std::string& text) {
  return PeerAddress(boost::asio::ip::make_address(text));
}

struct PageRoomTest : testing::Test {
  PageRoom room{PageLimits{.all = 6, .of_one = 4}};
  std::vector<std::string> cut;
  std::vector<std::unique_ptr<PageRoom::Place>> places;

  void enter(const std::string& address, const std::string& name) {
    places.push_back(std::make_unique<PageRoom::Place>(room, from(address),
                                                       [this, name] { cut.push_back(name); }));
  }
};

// An office behind one address must not wait until somebody who reads nothing has been cut off.
TEST_F(PageRoomTest, AnAddressWithItsShareLosesItsOldest) {
  for (const char* name : {"a", "b", "c", "d"}) enter("192.0.2.1", name);
  EXPECT_TRUE(cut.empty());
  enter("192.0.2.1", "e");
  EXPECT_EQ(cut, std::vector<std::string>{"a"});
  enter("192.0.2.2", "f");
  EXPECT_EQ(cut.size(), 1U);
  EXPECT_EQ(room.answers(), 5U);
}

TEST_F(PageRoomTest, WhenItIsFullTheAddressWithMostGivesWay) {
  for (const char* name : {"a", "b", "c", "d"}) enter("192.0.2.1", name);
  enter("192.0.2.2", "e");
  enter("192.0.2.3", "f");
  enter("192.0.2.4", "g");
  enter("192.0.2.5", "h");
  EXPECT_EQ(cut, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(room.answers(), 6U);
}

TEST_F(PageRoomTest, AProxyOnThisMachineSpeaksForMany) {
  for (const char* name : {"a", "b", "c", "d", "e"}) enter("127.0.0.1", name);
  EXPECT_TRUE(cut.empty());
  enter("192.0.2.1", "f");
  enter("192.0.2.1", "g");
  EXPECT_EQ(cut, std::vector<std::string>{"a"});
  enter("192.0.2.1", "h");
  EXPECT_EQ(cut, (std::vector<std::string>{"a", "f"}));
}

TEST_F(PageRoomTest, PlacesAreReturnedOnce) {
  for (const char* name : {"a", "b", "c", "d", "e"}) enter("192.0.2.1", name);
  EXPECT_EQ(room.answers(), 4U);
  places.clear();
  EXPECT_EQ(room.answers(), 0U);
}

}  // namespace
}  // namespace server
