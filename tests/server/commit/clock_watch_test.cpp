#include "server/commit/clock_watch.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace server::test {
namespace {

using events::ChainNumber;
using events::ErrorCode;
using events::Result;
using events::Timestamp;

constexpr std::uint64_t minute = 60'000;
constexpr std::uint64_t day = events::milliseconds_per_day;
constexpr Timestamp last_receipt{1'800'000'000'000};

/// A machine with a clock that can be set, and the watch of the server on it.
struct WatchedMachine : testing::Test {
  Timestamp wall{last_receipt.value + minute};
  int looks = 0;
  ClockWatch watch{[this] {
                     ++looks;
                     return ClockGuard::Sample{wall, 5'000};
                   },
                   software_begins};

  ErrorCode fault_now(Timestamp last = last_receipt) {
    const Result<Timestamp> now = watch.now(last);
    return now ? ErrorCode{} : now.error().code;
  }
};

std::size_t lines_with(const std::string& log, const std::string& text) {
  std::size_t count = 0;
  for (std::size_t at = log.find(text); at != std::string::npos; at = log.find(text, at + 1)) {
    ++count;
  }
  return count;
}

TEST_F(WatchedMachine, TellsTheTimeOfARightClock) {
  const Result<Timestamp> now = watch.now(last_receipt);
  ASSERT_TRUE(now);
  EXPECT_EQ(*now, wall);
  EXPECT_EQ(looks, 1) << "the time that was found right is the one that is told";
  EXPECT_EQ(watch.fault(), ClockFault::none);
  EXPECT_TRUE(watch.is_settled()) << "the last receipt is a minute old";
}

// Health and the operator's page look at the fault from another thread.
TEST_F(WatchedMachine, HasNoTimeAndNamesTheFaultWhileTheClockIsWrong) {
  wall = Timestamp{last_receipt.value - day};
  const Result<Timestamp> now = watch.now(last_receipt);
  ASSERT_FALSE(now);
  EXPECT_EQ(now.error().code, ErrorCode::server_clock);
  EXPECT_NE(now.error().message.find("behind_log"), std::string::npos) << now.error().message;
  EXPECT_EQ(watch.fault(), ClockFault::behind_log);
  wall = Timestamp{minute};
  EXPECT_EQ(fault_now(), ErrorCode::server_clock);
  EXPECT_EQ(watch.fault(), ClockFault::before_release);
  wall = Timestamp{last_receipt.value + minute};
  EXPECT_EQ(fault_now(), ErrorCode{});
  EXPECT_EQ(watch.fault(), ClockFault::none);
}

// A clock is looked at for each push; a line for each would bury everything else.
TEST_F(WatchedMachine, SaysOnceWhatIsWrongAndOnceThatItIsOver) {
  testing::internal::CaptureStdout();
  for (int count = 0; count < 3; ++count) fault_now();
  wall = Timestamp{last_receipt.value - day};
  for (int count = 0; count < 3; ++count) fault_now();
  wall = Timestamp{last_receipt.value + minute};
  for (int count = 0; count < 3; ++count) fault_now();
  const std::string log = testing::internal::GetCapturedStdout();
  EXPECT_EQ(lines_with(log, "clock_wrong reason=behind_log"), 1U) << log;
  EXPECT_EQ(lines_with(log, "clock_right"), 1U) << log;
}

TEST_F(WatchedMachine, JudgesNothingOfADeviceThatAloneContradictsIt) {
  wall = Timestamp{last_receipt.value + 30 * day};
  ASSERT_EQ(fault_now(), ErrorCode{});
  EXPECT_FALSE(watch.is_settled());
  const Result<void> heard = watch.hear(ChainNumber{7}, last_receipt);
  ASSERT_FALSE(heard);
  EXPECT_EQ(heard.error().code, ErrorCode::server_clock);
  EXPECT_TRUE(watch.hear(ChainNumber{8}, wall));
  EXPECT_TRUE(watch.is_settled());
  EXPECT_TRUE(watch.hear(ChainNumber{7}, last_receipt)) << "another one vouches for the clock";
}

TEST_F(WatchedMachine, GoesOnFromWhatTheOperatorConfirms) {
  wall = Timestamp{last_receipt.value - day};
  ASSERT_EQ(fault_now(), ErrorCode::server_clock);
  const Result<Timestamp> confirmed = watch.confirm(last_receipt);
  ASSERT_TRUE(confirmed) << confirmed.error().message;
  EXPECT_EQ(*confirmed, wall);
  EXPECT_TRUE(watch.is_settled());
  EXPECT_TRUE(watch.owes_correction()) << "the log has a later receipt";
  EXPECT_EQ(fault_now(), ErrorCode{});
  EXPECT_EQ(watch.fault(), ClockFault::none);
}

// Whoever presses the button must not date a commune's acts in 1970.
TEST_F(WatchedMachine, AClockThatWasNeverSetCannotBeConfirmed) {
  wall = Timestamp{software_begins.value - 1};
  const Result<Timestamp> confirmed = watch.confirm(last_receipt);
  ASSERT_FALSE(confirmed);
  EXPECT_EQ(confirmed.error().code, ErrorCode::server_clock);
  EXPECT_EQ(fault_now(), ErrorCode::server_clock) << "nothing was settled by it";
  wall = software_begins;
  EXPECT_TRUE(watch.confirm({}));
}

TEST(ClockOfTheMachine, CountsMillisecondsSince1970AndSinceTheStart) {
  using std::chrono::milliseconds;
  const auto system =
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch());
  const ClockGuard::Sample sample = look_at_machine();
  EXPECT_LT(sample.wall.value - static_cast<std::uint64_t>(system.count()), minute);
  EXPECT_GT(sample.steady_milliseconds, 0U);
  EXPECT_LT(look_at_machine().steady_milliseconds - sample.steady_milliseconds, minute);
}

}  // namespace
}  // namespace server::test
