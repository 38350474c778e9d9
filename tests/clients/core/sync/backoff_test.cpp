#include "clients/core/sync/backoff.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace clients_test {
namespace {

using clients::Backoff;
using Time = Backoff::Time;

// A device that gave up, or one that hammers the server, serves nobody.
TEST(Backoff, WaitsBetweenOneSecondAndSixtyWhateverIsDrawn) {
  std::mt19937_64 random(1);
  for (int device = 0; device < 200; ++device) {
    Backoff backoff({});
    Time last{1'000};
    for (int attempt = 0; attempt < 50; ++attempt) {
      const Time wait = backoff.next(random());
      EXPECT_GE(wait, Time{1'000});
      EXPECT_LE(wait, std::min<Time>(Time{60'000}, 3 * last));
      last = wait;
    }
  }
}

TEST(Backoff, ReachesBothEnds) {
  Backoff shortest({});
  EXPECT_EQ(shortest.next(0), Time{1'000});
  Backoff longest({});
  EXPECT_EQ(longest.next(2'000), Time{3'000});
  EXPECT_EQ(longest.next(8'000), Time{9'000});
}

// After a power cut in the server room ten thousand devices come back: not in the same second, and
// those that found it closed not in the same second again.
TEST(Backoff, SpreadsDevicesThatLostTheServerTogether) {
  std::mt19937_64 random(2);
  std::vector<int> second_try(64, 0);
  for (int device = 0; device < 10'000; ++device) {
    Backoff backoff({});
    const Time both = backoff.next(random()) + backoff.next(random());
    ++second_try.at(static_cast<std::size_t>(both.count() / 1'000));
  }
  EXPECT_LT(*std::ranges::max_element(second_try), 3'000);
}

// A server that is overloaded says how long it needs; all of them at that moment would be no help.
TEST(Backoff, AddsItsJitterToWhatTheServerAsks) {
  Backoff backoff({});
  const Time asked{30'000};
  const Time one = backoff.next(17, asked);
  EXPECT_GT(one, asked);
  EXPECT_LE(one, asked + Time{3'000});
}

TEST(Backoff, BeginsAnewAfterAConnectionThatWasOfUse) {
  Backoff backoff({});
  for (int attempt = 0; attempt < 10; ++attempt) backoff.next(~std::uint64_t{0} / 2);
  backoff.reset();
  EXPECT_LE(backoff.next(~std::uint64_t{0}), Time{3'000});
}

}  // namespace
}  // namespace clients_test
