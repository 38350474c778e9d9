#include "server/session/connection_gate.h"

#include "server/session/body_room.h"

#include <boost/asio/ip/address.hpp>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace server {
namespace {

using Clock = ConnectionGate::Clock;

PeerAddress address(const std::string& text) {
  return PeerAddress(boost::asio::ip::make_address(text));
}

/// A gate, and which connections it cut.
struct Gate {
  explicit Gate(std::size_t all) : gate(GateLimits{all}) {}

  bool enter(std::uint64_t number, const std::string& from) {
    return gate.enter(number, address(from), [this, number] { cut.push_back(number); }) ==
           ConnectionGate::Answer::enter;
  }

  ConnectionGate gate;
  std::vector<std::uint64_t> cut;
};

// Health readers and idle sockets took every place, and honest greetings were turned away.
TEST(ConnectionGate, TheNewestStrangerTakesThePlaceOfTheOldest) {
  Gate gate(100);
  for (std::uint64_t number = 1; number <= 50; ++number) {
    ASSERT_TRUE(gate.enter(number, "10.0.0." + std::to_string(number)));
  }
  EXPECT_TRUE(gate.cut.empty());
  EXPECT_TRUE(gate.enter(51, "10.0.0.51"));
  EXPECT_EQ(gate.cut, (std::vector<std::uint64_t>{1}));
  EXPECT_EQ(gate.gate.strangers(), 50U);
  gate.gate.leave(1);  // Its connection ends later, and frees nobody else's place.
  EXPECT_EQ(gate.gate.strangers(), 50U);
}

TEST(ConnectionGate, KnownDevicesKeepTheirPlacesHoweverManyStrangersCome) {
  Gate gate(100);
  for (std::uint64_t number = 1; number <= 80; ++number) {
    ASSERT_TRUE(gate.enter(number, "10.0.0.1"));
    gate.gate.prove(number);
  }
  for (std::uint64_t number = 1'000; number < 2'000; ++number) {
    ASSERT_TRUE(gate.enter(number, "10.0.1." + std::to_string(number % 250)));
  }
  EXPECT_EQ(gate.gate.known(), 80U);
  EXPECT_EQ(gate.gate.strangers(), 20U);
  for (const std::uint64_t number : gate.cut) EXPECT_GE(number, 1'000U);
}

TEST(ConnectionGate, IsFullWhenAllPlacesAreThoseOfKnownDevices) {
  Gate gate(10);
  for (std::uint64_t number = 1; number <= 10; ++number) {
    ASSERT_TRUE(gate.enter(number, "10.0.0.1"));
    gate.gate.prove(number);
  }
  EXPECT_FALSE(gate.enter(11, "10.0.0.2"));
  gate.gate.leave(3);
  EXPECT_TRUE(gate.enter(12, "10.0.0.2"));
}

// One address must not push out the strangers of all others.
TEST(ConnectionGate, ACrowdOfOneAddressMakesRoomInItsOwnRows) {
  Gate gate(1'000);
  ASSERT_TRUE(gate.enter(1, "10.0.0.1"));
  for (std::uint64_t number = 100; number < 600; ++number) {
    ASSERT_TRUE(gate.enter(number, "2001:db8::" + std::to_string(number)));
  }
  EXPECT_EQ(gate.gate.strangers(), 251U) << "addresses of one /64 are one";
  for (const std::uint64_t number : gate.cut) EXPECT_NE(number, 1U);
}

// Ten million guesses an hour cost nothing before; now each further one waits longer.
TEST(ConnectionGate, RefusalsOfOneAddressWaitLongerAndLonger) {
  Gate gate(100);
  const auto now = Clock::now();
  const PeerAddress guesser = address("10.0.0.1");
  for (int attempt = 0; attempt < 10; ++attempt) {
    EXPECT_EQ(gate.gate.fail(guesser, true, now), Clock::duration::zero());
  }
  for (const int pause : {1, 2, 4, 8, 16, 30, 30}) {
    EXPECT_EQ(gate.gate.fail(guesser, true, now), std::chrono::seconds(pause));
  }
  EXPECT_EQ(gate.gate.fail(address("10.0.0.2"), true, now), Clock::duration::zero());
  EXPECT_GT(gate.gate.fail(guesser, true, now + std::chrono::seconds(40)), std::chrono::seconds(1));
  EXPECT_EQ(gate.gate.fail(guesser, true, now + std::chrono::minutes(20)), Clock::duration::zero());
}

// Who waits a minute between two crowds of guesses goes on where it was, by half.
TEST(ConnectionGate, APauseForgivesHalf) {
  Gate gate(100);
  const auto now = Clock::now();
  const PeerAddress guesser = address("10.0.0.1");
  for (int attempt = 0; attempt < 40; ++attempt) gate.gate.fail(guesser, false, now);
  EXPECT_GT(gate.gate.fail(guesser, false, now + std::chrono::seconds(61)),
            Clock::duration::zero());
}

// Each address that fails has a row; a crowd without end must not have rows without end.
TEST(ConnectionGate, AFurtherAddressWaitsWhenAllRowsAreTaken) {
  Gate gate(100);
  const auto now = Clock::now();
  const auto nth = [](std::size_t number) {
    return PeerAddress(
        boost::asio::ip::address_v4(0x0A000000U + static_cast<std::uint32_t>(number)));
  };
  for (std::size_t number = 0; number < ConnectionGate::addresses_max; ++number) {
    ASSERT_EQ(gate.gate.fail(nth(number), false, now), Clock::duration::zero());
  }
  const PeerAddress next = nth(ConnectionGate::addresses_max);
  EXPECT_EQ(gate.gate.fail(next, false, now), ConnectionGate::pause_max);
  EXPECT_EQ(gate.gate.fail(next, false, now + std::chrono::minutes(2)), Clock::duration::zero());
}

// A botnet guesses from everywhere; the codes are limited in all.
TEST(ConnectionGate, WrongCodesOfManyAddressesWaitToo) {
  Gate gate(100);
  const auto now = Clock::now();
  for (int attempt = 0; attempt < 60; ++attempt) {
    gate.gate.fail(address("10.0.0." + std::to_string(attempt)), true, now);
  }
  EXPECT_GE(gate.gate.fail(address("10.0.1.1"), true, now), std::chrono::seconds(1));
  EXPECT_EQ(gate.gate.fail(address("10.0.1.2"), false, now), Clock::duration::zero());
}

// Behind a proxy of this machine everybody has its address.
TEST(ConnectionGate, AProxyOnThisMachineIsNotOneStranger) {
  Gate gate(1'000);
  for (std::uint64_t number = 1; number <= 500; ++number) {
    ASSERT_TRUE(gate.enter(number, "127.0.0.1"));
  }
  EXPECT_TRUE(gate.cut.empty());
  for (int attempt = 0; attempt < 50; ++attempt) {
    EXPECT_EQ(gate.gate.fail(address("::1"), false, Clock::now()), Clock::duration::zero());
  }
}

TEST(PeerAddress, IsAnAddressOrTheNetworkOfAHousehold) {
  EXPECT_EQ(address("192.0.2.7").text(), "192.0.2.7");
  EXPECT_EQ(address("::ffff:192.0.2.7").text(), "192.0.2.7");
  EXPECT_EQ(address("2001:db8:1:2:3:4:5:6").text(), "2001:db8:1:2::/64");
}

// Two thousand bodies without their ends held 205 MB for two minutes.
TEST(BodyRoom, BoundsWhatBodiesHoldTogetherAndOfOneAddress) {
  BodyRoom room;
  {
    BodyRoom::Share one(room, address("10.0.0.1"));
    EXPECT_TRUE(one.grow_to(BodyRoom::of_one_max));
    BodyRoom::Share again(room, address("10.0.0.1"));
    EXPECT_FALSE(again.grow_to(1));
    BodyRoom::Share other(room, address("10.0.0.2"));
    EXPECT_TRUE(other.grow_to(1));
  }
  EXPECT_EQ(room.bytes(), 0U);
  BodyRoom::Share later(room, address("10.0.0.1"));
  EXPECT_TRUE(later.grow_to(BodyRoom::of_one_max)) << "what was given back is there again";
}

// Many addresses together would have what one may not.
TEST(BodyRoom, BoundsAllAddressesTogether) {
  BodyRoom room;
  std::vector<std::unique_ptr<BodyRoom::Share>> shares;
  for (std::size_t number = 0; number * BodyRoom::of_one_max < BodyRoom::all_max; ++number) {
    shares.push_back(
        std::make_unique<BodyRoom::Share>(room, address("10.0.0." + std::to_string(number))));
    ASSERT_TRUE(shares.back()->grow_to(BodyRoom::of_one_max));
  }
  EXPECT_EQ(room.bytes(), BodyRoom::all_max);
  BodyRoom::Share further(room, address("10.0.1.1"));
  EXPECT_FALSE(further.grow_to(1));
  shares.pop_back();
  EXPECT_TRUE(further.grow_to(1));
}

// Behind a proxy of this machine everybody has its address.
TEST(BodyRoom, AProxyOnThisMachineHasTheRoomOfAll) {
  BodyRoom room;
  BodyRoom::Share proxied(room, address("127.0.0.1"));
  EXPECT_TRUE(proxied.grow_to(BodyRoom::of_one_max + 1));
  EXPECT_FALSE(proxied.grow_to(BodyRoom::all_max + 1));
}

}  // namespace
}  // namespace server
