#include "server/session/body_room.h"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <list>
#include <string>

namespace server {
namespace {

PeerAddress from(const std::string& text) {
  return PeerAddress(boost::asio::ip::make_address(text));
}

constexpr std::size_t megabyte = std::size_t{1} << 20U;

// One stranger with many connections must leave room for a commune.
TEST(BodyRoom, OneAddressHasItsShareAndNoMore) {
  BodyRoom room;
  BodyRoom::Share first(room, from("192.0.2.7"));
  BodyRoom::Share second(room, from("192.0.2.7"));
  EXPECT_TRUE(first.grow_to(BodyRoom::of_one_max - 1));
  EXPECT_TRUE(second.grow_to(1));
  EXPECT_FALSE(second.grow_to(2));
  BodyRoom::Share other(room, from("192.0.2.8"));
  EXPECT_TRUE(other.grow_to(BodyRoom::of_one_max));
}

// All together they must not take the memory that the log needs.
TEST(BodyRoom, AllAddressesTogetherHaveABound) {
  BodyRoom room;
  std::list<BodyRoom::Share> shares;
  for (int host = 1; host <= 4; ++host) {
    shares.emplace_back(room, from("192.0.2." + std::to_string(host)));
    EXPECT_TRUE(shares.back().grow_to(BodyRoom::of_one_max));
  }
  BodyRoom::Share late(room, from("192.0.2.99"));
  EXPECT_FALSE(late.grow_to(1));
  shares.pop_front();
  EXPECT_TRUE(late.grow_to(1)) << "what ended made room";
}

// A proxy speaks for a whole province: the share of one stranger is not its measure.
TEST(BodyRoom, AProxyIsBoundedByTheWholeOnly) {
  BodyRoom room;
  BodyRoom::Share proxy(room, from("127.0.0.1"));
  EXPECT_TRUE(proxy.grow_to(BodyRoom::all_max));
  BodyRoom::Share more(room, from("::1"));
  EXPECT_FALSE(more.grow_to(1));
}

// A leak of a few bytes a request would refuse everybody after a week.
TEST(BodyRoom, ARefusedGrowthTakesNothingAndAnEndGivesAllBack) {
  BodyRoom room;
  {
    BodyRoom::Share share(room, from("192.0.2.7"));
    EXPECT_TRUE(share.grow_to(megabyte));
    EXPECT_TRUE(share.grow_to(10)) << "a body does not shrink";
    EXPECT_FALSE(share.grow_to(BodyRoom::of_one_max + 1));
    EXPECT_EQ(room.bytes(), megabyte);
    EXPECT_TRUE(share.grow_to(2 * megabyte));
    EXPECT_EQ(room.bytes(), 2 * megabyte);
    const BodyRoom::Share empty(room, from("192.0.2.8"));
  }
  EXPECT_EQ(room.bytes(), 0U);
  BodyRoom::Share again(room, from("192.0.2.7"));
  EXPECT_TRUE(again.grow_to(BodyRoom::of_one_max)) << "its address has its whole share";
}

}  // namespace
}  // namespace server
