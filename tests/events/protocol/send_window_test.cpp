#include "events/protocol/send_window.h"

#include <gtest/gtest.h>

#include <deque>
#include <utility>

namespace events::protocol {
namespace {

/// A line of a rate and a round trip, and a receiver that returns credit for each piece.
class Line {
 public:
  Line(std::uint64_t bytes_per_second, std::uint64_t round_trip)
      : rate_(bytes_per_second), trip_(round_trip) {}

  /// Sends whatever may leave for `milliseconds`.
  void run(std::uint64_t milliseconds) {
    for (const std::uint64_t end = now_ + milliseconds; now_ < end; ++now_) {
      while (!credits_.empty() && credits_.front().first <= now_) {
        pace.credited(credits_.front().second, now_);
        credits_.pop_front();
      }
      while (pace.may_send(pace.piece_bytes())) {
        const std::size_t bytes = pace.piece_bytes();
        pace.sent(bytes, now_);
        carried_ += bytes;
        free_at_ = std::max(free_at_, now_ * 1'000) + bytes * 1'000'000 / rate_;
        credits_.emplace_back(free_at_ / 1'000 + trip_, bytes);
        longest_queue_ = std::max(longest_queue_, free_at_ / 1'000 - now_);
      }
    }
  }
  std::uint64_t carried() const { return carried_; }
  /// How long something urgent would have waited at the worst moment.
  std::uint64_t longest_queue() const { return longest_queue_; }

  SendWindow pace;

 private:
  std::uint64_t rate_;
  std::uint64_t trip_;
  std::uint64_t now_ = 1'000;
  std::uint64_t free_at_ = 0;  ///< Microseconds.
  std::uint64_t carried_ = 0;
  std::uint64_t longest_queue_ = 0;
  std::deque<std::pair<std::uint64_t, std::size_t>> credits_;
};

// An urgent approval would wait behind photos that are already in the modem.
TEST(SendWindow, KeepsTheDesignLineBusyWithoutAQueueOfHalfASecond) {
  Line line(7'560, 600);
  line.run(60'000);
  EXPECT_GT(line.carried(), 60U * 7'560U * 85 / 100) << "the line was idle";
  EXPECT_LE(line.longest_queue(), 560U);
  EXPECT_TRUE(line.pace.is_slow());
  EXPECT_EQ(line.pace.piece_bytes(), slow_piece_bytes);
  EXPECT_NEAR(static_cast<double>(line.pace.goodput()), 7'560, 2'000);
}

// On the commune's fibre a photo would take as long as on the village mast.
TEST(SendWindow, UsesAGoodLine) {
  Line line(2'000'000, 20);
  line.run(5'000);
  EXPECT_GT(line.carried(), 5U * 2'000'000U / 2);
  EXPECT_FALSE(line.pace.is_slow());
  EXPECT_EQ(line.pace.piece_bytes(), good_piece_bytes);
}

// A receiver that takes nothing would be buried in what it cannot hold.
TEST(SendWindow, StopsWithoutCredit) {
  SendWindow pace;
  EXPECT_TRUE(pace.may_send(slow_piece_bytes));
  EXPECT_FALSE(pace.may_send(initial_credit_bytes + 1));
  std::size_t sent = 0;
  while (pace.may_send(slow_piece_bytes)) {
    pace.sent(slow_piece_bytes, 1);
    sent += slow_piece_bytes;
  }
  EXPECT_LE(sent, 2U * slow_piece_bytes);
  pace.credited(slow_piece_bytes, 700);
  EXPECT_TRUE(pace.may_send(slow_piece_bytes));
}

}  // namespace
}  // namespace events::protocol
