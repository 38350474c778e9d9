#include "events/protocol/liveness.h"

#include <gtest/gtest.h>

namespace events::protocol {
namespace {

using Time = Liveness::Time;
using enum Liveness::Step;

constexpr Time second{1'000};

// A carrier forgets a silent connection after half a minute, and neither end is told.
TEST(Liveness, AsksAfterSilenceAndNotBefore) {
  Liveness liveness({}, Time{0});
  EXPECT_EQ(liveness.step(24 * second, Time{0}), wait);
  EXPECT_EQ(liveness.due(), 25 * second);
  EXPECT_EQ(liveness.step(25 * second, Time{0}), ping);
  EXPECT_EQ(liveness.step(26 * second, Time{0}), wait) << "one ping waits for its answer";
}

// Whoever receives data needs no other sign of life; a ping would only cost.
TEST(Liveness, AnyByteCountsAsALifeSign) {
  Liveness liveness({}, Time{0});
  for (Time now = second; now < 300 * second; now += 10 * second) {
    EXPECT_EQ(liveness.step(now, now - second), wait);
  }
}

// A device must not wait for minutes on a line that is gone.
TEST(Liveness, IsDeadTwentySecondsAfterAPingWithoutAnswer) {
  Liveness liveness({}, Time{0});
  ASSERT_EQ(liveness.step(25 * second, Time{0}), ping);
  EXPECT_EQ(liveness.due(), 45 * second);
  EXPECT_EQ(liveness.step(45 * second - Time{1}, Time{0}), wait);
  EXPECT_EQ(liveness.step(45 * second, Time{0}), dead);
}

// Over a satellite or a mast with a queue of ten seconds the other side lives all the same.
TEST(Liveness, GivesASlowLineThreeRoundTrips) {
  Liveness liveness({}, Time{0});
  ASSERT_EQ(liveness.step(25 * second, Time{0}), ping);
  EXPECT_EQ(liveness.step(35 * second, 35 * second), wait);
  Time now = liveness.due();
  ASSERT_EQ(liveness.step(now, 35 * second), ping);
  EXPECT_EQ(liveness.step(now + 29 * second, 35 * second), wait);
  EXPECT_EQ(liveness.step(now + 30 * second, 35 * second), dead);
}

// A telephone that wakes its radio every 25 seconds is empty by noon.
TEST(Liveness, AsksMoreRarelyWhileItIsAnsweredUpToFourMinutes) {
  Liveness liveness({}, Time{0});
  Time heard{0};
  Time last = liveness.interval();
  for (int round = 0; round < 20; ++round) {
    const Time now = liveness.due();
    ASSERT_EQ(liveness.step(now, heard), ping);
    heard = now + second;
    ASSERT_EQ(liveness.step(heard, heard), wait);
    EXPECT_GE(liveness.interval(), last);
    EXPECT_LE(liveness.interval(), 240 * second);
    last = liveness.interval();
  }
  EXPECT_EQ(last, 240 * second);
}

// A network that forgets after a minute is asked sooner from then on, but never without pause.
TEST(Liveness, ShrinksAfterAConnectionThatDiedIdle) {
  EXPECT_EQ(interval_after_death(240 * second), 120 * second);
  Time interval = 240 * second;
  for (int deaths = 0; deaths < 10; ++deaths) interval = interval_after_death(interval);
  EXPECT_EQ(interval, Liveness::shortest);
}

}  // namespace
}  // namespace events::protocol
