#include "server/commit/intake.h"

#include <gtest/gtest.h>

namespace server {
namespace {

using events::Timestamp;

constexpr std::uint64_t second = 1'000;
constexpr std::uint64_t day = events::milliseconds_per_day;
constexpr Timestamp contact{1'756'774'800'000};

Timestamp after(std::uint64_t milliseconds) { return Timestamp{contact.value + milliseconds}; }

events::Intake intake(Timestamp left, std::int64_t offset_seconds, Timestamp arrived) {
  const auto device =
      static_cast<std::uint64_t>(static_cast<std::int64_t>(contact.value) + offset_seconds * 1'000);
  return intake_of_transit(left, {{}, {contact, Timestamp{device}}, arrived});
}

// Two weeks on the road would make every registration look two weeks early.
TEST(BundleTransit, TheOffsetIsThatOfTheLastContact) {
  const events::Intake known = intake(after(3 * day + 40 * second), 40, after(17 * day));
  EXPECT_EQ(known.clock_offset_seconds, 40);
  EXPECT_EQ(known.clock_error_seconds, 2 + 17 * 86'400 / 600);
}

// Nobody can vouch for a clock that was not compared for months.
TEST(BundleTransit, TheErrorGrowsWithTheTimeSinceTheContact) {
  std::uint32_t error = 0;
  for (const std::uint64_t days : {0, 1, 10, 100}) {
    const events::Intake known = intake(contact, 0, after(days * day));
    EXPECT_GT(known.clock_error_seconds, error);
    error = known.clock_error_seconds;
  }
}

// A battery ran out on the way: the clock says 1970 after it had said 2025.
TEST(BundleTransit, AClockThatWasSetBackIsNotTrusted) {
  const events::Intake unsure = intake(Timestamp{day}, 0, after(5 * day));
  EXPECT_EQ(unsure.clock_offset_seconds, 0);
  EXPECT_GT(unsure.clock_error_seconds, 20'000U * 86'400U / 2);
}

// A clock moved to next year would date everything after its deadline, or before the next.
TEST(BundleTransit, AClockAheadOfItsOwnArrivalIsMeasuredByTheArrival) {
  const events::Intake ahead = intake(after(300 * day), 0, after(5 * day));
  EXPECT_EQ(ahead.clock_offset_seconds, 295 * 86'400);
  EXPECT_EQ(ahead.clock_error_seconds, 295U * 86'400U);
}

// A device that never met the server: its clock may be right, and the whole transit is the doubt.
TEST(BundleTransit, WithoutAContactTheWholeTransitIsTheDoubt) {
  const events::Intake unsure = intake_of_transit(contact, {{}, {}, after(2 * day)});
  EXPECT_EQ(unsure.clock_offset_seconds, 0);
  EXPECT_EQ(unsure.clock_error_seconds, 2 + 2 * 86'400U);
}

// Any 64-bit times may stand in a file.
TEST(BundleTransit, TakesAnyTimes) {
  const Timestamp never{~std::uint64_t{0}};
  for (const Timestamp left : {Timestamp{}, contact, never}) {
    for (const Timestamp server : {Timestamp{}, contact, never}) {
      for (const Timestamp device : {Timestamp{}, contact, never}) {
        intake_of_transit(left, {{}, {server, device}, contact});
      }
    }
  }
}

}  // namespace
}  // namespace server
