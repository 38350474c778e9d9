#include "platform/random.h"

#include "platform/clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace platform {
namespace {

// The kernel may give less than was asked for at once; a key with zeros at its end is half a key.
TEST(Random, FillsEveryByteOfALongAndOfAnEmptySpan) {
  events::Bytes bytes(100'000);
  fill_random(bytes);
  for (std::size_t begin = 0; begin < bytes.size(); begin += 1'000) {
    const auto part = bytes.begin() + static_cast<std::ptrdiff_t>(begin);
    EXPECT_NE(std::count(part, part + 1'000, 0), 1'000) << begin;
  }
  fill_random({});
}

// Crockford's letters only: whoever reads a code aloud must not meet an I, an L, an O or a U.
TEST(Random, CodesAreSixteenLettersThatNobodyMixesUp) {
  std::set<char> seen;
  for (int draw = 0; draw < 200; ++draw) {
    const std::string code = new_code();
    EXPECT_EQ(code.size(), 16U);
    seen.insert(code.begin(), code.end());
  }
  EXPECT_EQ(std::string(seen.begin(), seen.end()), "0123456789ABCDEFGHJKMNPQRSTVWXYZ");
  EXPECT_NE(new_code(), new_code());
}

// A clock in seconds or microseconds would date every event to another century.
TEST(Clock, CountsMillisecondsOfOurTime) {
  EXPECT_GT(now(), events::Timestamp{1'700'000'000'000});
  EXPECT_LT(now(), events::Timestamp{10'000'000'000'000});
  const std::uint64_t before = steady_milliseconds();
  EXPECT_LE(before, steady_milliseconds());
}

}  // namespace
}  // namespace platform
