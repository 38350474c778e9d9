#include "clients/core/sync/eta_estimator.h"

#include <gtest/gtest.h>

namespace clients_test {
namespace {

using clients::EtaEstimator;
using events::Timestamp;

constexpr Timestamp at(std::uint64_t seconds) { return Timestamp{1'000'000 + seconds * 1000}; }

// An estimate out of nothing makes people wait or give up for no reason.
TEST(EtaEstimator, SaysNothingBeforeSomethingMoved) {
  EtaEstimator pace;
  EXPECT_FALSE(pace.seconds_left(100));
  pace.note(at(0), 10);
  EXPECT_FALSE(pace.seconds_left(100));
  pace.note(at(5), 10);
  EXPECT_FALSE(pace.seconds_left(100));
}

TEST(EtaEstimator, EstimatesFromWhatTheLineCarriedLately) {
  EtaEstimator pace;
  for (std::uint64_t second = 0; second <= 10; ++second) pace.note(at(second), second * 10);
  EXPECT_EQ(pace.seconds_left(200), 11U);
  EXPECT_EQ(pace.seconds_left(100), 0U);
  // The line gets ten times slower: after the window only that counts.
  for (std::uint64_t second = 11; second <= 40; ++second) pace.note(at(second), 100 + second - 10);
  EXPECT_EQ(pace.seconds_left(230), 101U);
}

// Work that begins anew, or a clock that is set back, must not give a negative time.
TEST(EtaEstimator, StartsAgainWhenTheClockOrTheWorkGoesBack) {
  EtaEstimator pace;
  pace.note(at(10), 50);
  pace.note(at(11), 60);
  pace.note(at(5), 70);
  EXPECT_FALSE(pace.seconds_left(100));
  pace.note(at(6), 10);
  EXPECT_FALSE(pace.seconds_left(100));
}

}  // namespace
}  // namespace clients_test
