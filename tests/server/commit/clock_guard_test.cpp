#include "server/commit/clock_guard.h"

#include <gtest/gtest.h>

namespace server {
namespace {

using events::ChainNumber;
using events::Timestamp;

constexpr std::uint64_t minute = 60'000;
constexpr std::uint64_t day = events::milliseconds_per_day;
constexpr Timestamp last_receipt{1'800'000'000'000};
constexpr Timestamp earliest{1'767'225'600'000};

/// A machine with a clock that can be set, and a count that nobody sets.
struct Machine {
  std::uint64_t passed = 5'000;
  std::uint64_t wall = last_receipt.value + minute;
  ClockGuard guard{earliest};

  void pass(std::uint64_t milliseconds) {
    passed += milliseconds;
    wall += milliseconds;
  }
  ClockGuard::Sample sample() const { return {Timestamp{wall}, passed}; }
  ClockFault look(Timestamp last = last_receipt) { return guard.look(sample(), last); }
  bool hear(std::uint32_t device, std::uint64_t device_time) {
    return guard.hear(ChainNumber{device}, Timestamp{device_time}, sample());
  }
};

// A right clock never stops anybody, however long the server runs or was off.
TEST(ClockGuard, BelievesAClockThatRunsAlong) {
  Machine machine;
  EXPECT_EQ(machine.look(), ClockFault::none);
  for (int days = 0; days < 1'000; ++days) {
    machine.pass(day);
    machine.wall += 1'000;  // What a time service pulls.
    EXPECT_EQ(machine.look(), ClockFault::none) << days;
  }
}

// A board without battery starts in 1970 and would give that day to what comes.
TEST(ClockGuard, RefusesAClockThatWasNeverSetOrIsBehindTheLog) {
  Machine machine;
  machine.wall = 3 * day;
  EXPECT_EQ(machine.look(), ClockFault::before_release);
  EXPECT_EQ(machine.look({}), ClockFault::before_release) << "an empty log";
  machine.wall = last_receipt.value - 2 * minute;
  EXPECT_EQ(machine.look(), ClockFault::behind_log);
  machine.wall = last_receipt.value - minute / 2;
  EXPECT_EQ(machine.look(), ClockFault::none) << "less than a minute";
}

// The time service comes up after the server: no operator has to be woken for it.
TEST(ClockGuard, TakesTheTimeThatAWrongClockIsSetTo) {
  Machine machine;
  machine.wall = 0;
  EXPECT_EQ(machine.look(), ClockFault::before_release);
  machine.wall = last_receipt.value + 5 * minute;
  EXPECT_EQ(machine.look(), ClockFault::none);
}

// Events of one hour would lie before those of the hour before, or days ahead of the true one.
TEST(ClockGuard, RemembersAStepUntilItIsUndoneOrConfirmed) {
  for (const std::int64_t step : {std::int64_t{2 * 86'400'000}, std::int64_t{3 * 60'000}}) {
    Machine machine;
    ASSERT_EQ(machine.look(), ClockFault::none);
    machine.pass(minute);
    machine.wall += static_cast<std::uint64_t>(step);
    EXPECT_EQ(machine.look(), ClockFault::stepped);
    machine.pass(day);
    EXPECT_EQ(machine.look(), ClockFault::stepped);
    machine.wall -= static_cast<std::uint64_t>(step);
    EXPECT_EQ(machine.look(), ClockFault::none);
    machine.wall += static_cast<std::uint64_t>(step);
    ASSERT_EQ(machine.look(), ClockFault::stepped);
    machine.guard.confirm(machine.sample(), last_receipt);
    EXPECT_EQ(machine.look(), ClockFault::none);
  }
}

// A log that slept for a month is honest, and a clock that ran a month ahead is not: the first
// device tells.
TEST(ClockGuard, AsksDevicesAfterALongPause) {
  Machine machine;
  machine.wall = last_receipt.value + 30 * day;
  EXPECT_EQ(machine.look(), ClockFault::none);
  EXPECT_FALSE(machine.hear(7, last_receipt.value)) << "nothing of this device is judged";
  EXPECT_EQ(machine.look(), ClockFault::none);
  EXPECT_TRUE(machine.hear(8, machine.wall - 3 * minute)) << "somebody vouches for the clock";
  EXPECT_TRUE(machine.hear(7, last_receipt.value)) << "its clock is its own affair now";
}

// Three devices against one clock: the clock is wrong, until the operator says that it is not.
TEST(ClockGuard, StopsWhenDevicesDisagree) {
  Machine machine;
  machine.wall = last_receipt.value + 2 * day;
  ASSERT_EQ(machine.look(), ClockFault::none);
  for (const std::uint32_t device : {7U, 8U, 7U, 8U}) {
    EXPECT_FALSE(machine.hear(device, last_receipt.value));
  }
  EXPECT_EQ(machine.look(), ClockFault::none) << "two devices say it again and again";
  EXPECT_FALSE(machine.hear(9, last_receipt.value));
  EXPECT_EQ(machine.look(), ClockFault::doubted);
  machine.guard.confirm(machine.sample(), last_receipt);
  EXPECT_EQ(machine.look(), ClockFault::none);
  EXPECT_TRUE(machine.hear(7, last_receipt.value));
}

// A restored log cannot write down that its times ran ahead; without the operator's word nobody
// could give anything back to it, and it would be repaired only by a wrong clock.
TEST(ClockGuard, GoesOnBehindTheLogOnceTheOperatorKnows) {
  Machine machine;
  machine.wall = last_receipt.value - 2 * day;
  ASSERT_EQ(machine.look(), ClockFault::behind_log);
  machine.guard.confirm(machine.sample(), last_receipt);
  EXPECT_EQ(machine.look(), ClockFault::none);
  EXPECT_TRUE(machine.guard.owes_correction());
  machine.pass(minute);
  EXPECT_EQ(machine.look(Timestamp{machine.wall}), ClockFault::none) << "the log says so now";
  EXPECT_FALSE(machine.guard.owes_correction());
  EXPECT_EQ(machine.look(), ClockFault::behind_log) << "a word is good for one correction";
}

// A doubted clock that is set right is not held against it.
TEST(ClockGuard, TakesADoubtedClockThatIsSetRight) {
  Machine machine;
  machine.wall = last_receipt.value + 2 * day;
  ASSERT_EQ(machine.look(), ClockFault::none);
  for (const std::uint32_t device : {7U, 8U, 9U}) machine.hear(device, last_receipt.value);
  ASSERT_EQ(machine.look(), ClockFault::doubted);
  machine.wall = last_receipt.value + 10 * minute;
  EXPECT_EQ(machine.look(), ClockFault::none);
  EXPECT_TRUE(machine.hear(7, machine.wall));
}

// While the server runs its steady clock vouches for a pause.
TEST(ClockGuard, DoubtsNoClockThatWasBelievedAndRanOn) {
  Machine machine;
  ASSERT_EQ(machine.look(), ClockFault::none);
  machine.pass(30 * day);
  EXPECT_EQ(machine.look(), ClockFault::none);
  EXPECT_TRUE(machine.hear(7, last_receipt.value)) << "its clock stood still";
}

}  // namespace
}  // namespace server
