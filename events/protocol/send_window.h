#pragma once

#include "events/protocol/file_messages.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>

namespace events::protocol {

/// Below this goodput a line is slow: pieces are small, originals wait for a better one.
inline constexpr std::uint64_t slow_bytes_per_second = 32 * 1024;

/// How much of a file may be under way, measured by the credit that comes back: enough to keep the
/// line busy, and only a fraction of a second of it waiting in front of what is urgent.
///
/// State: bytes under way with the time each left, the shortest round trip, the best recent rate.
/// Thread: one at a time.  It has no clock: milliseconds of any steady one are passed in.
class SendWindow {
 public:
  /// Whether `bytes` more may leave.
  bool may_send(std::size_t bytes) const {
    if (bytes > credit_) return false;
    return under_way_ == 0 || under_way_ + bytes <= window();
  }
  void sent(std::size_t bytes, std::uint64_t now) {
    flights_.push_back({bytes, now});
    under_way_ += bytes;
    credit_ -= std::min<std::uint64_t>(credit_, bytes);
  }

  /// The other side took `bytes` and has room for as many more.
  void credited(std::size_t bytes, std::uint64_t now) {
    credit_ = std::min<std::uint64_t>(credit_ + bytes, credit_max);
    std::size_t left = bytes;
    while (left > 0 && !flights_.empty()) {
      Flight& first = flights_.front();
      const std::size_t part = std::min(left, first.bytes);
      first.bytes -= part;
      left -= part;
      under_way_ -= part;
      if (first.bytes > 0) break;
      const std::uint64_t trip = std::max<std::uint64_t>(now - first.left_at, 1);
      shortest_trip_ = shortest_trip_ == 0 ? trip : std::min(shortest_trip_, trip);
      flights_.pop_front();
    }
    measure(bytes - left, now);
  }

  /// Bytes a second of the last seconds; 0 until something was measured.
  std::uint64_t goodput() const { return goodput_; }
  bool is_slow() const { return goodput_ < slow_bytes_per_second; }
  std::uint32_t piece_bytes() const { return is_slow() ? slow_piece_bytes : good_piece_bytes; }
  std::size_t under_way() const { return under_way_; }

 private:
  struct Flight {
    std::size_t bytes;
    std::uint64_t left_at;
  };
  static constexpr std::uint64_t queue_milliseconds = 100;
  static constexpr std::uint64_t measure_milliseconds = 1'000;
  static constexpr std::uint64_t credit_max = 16 * 1024 * 1024;

  /// Two pieces to begin with; then what the line carries in a round trip, and one piece more or a
  /// tenth of a second, so that the window can grow with what it measures.
  std::uint64_t window() const {
    const std::uint64_t in_a_trip = goodput_ * shortest_trip_ / 1'000;
    const std::uint64_t more =
        std::max<std::uint64_t>(goodput_ * queue_milliseconds / 1'000, piece_bytes());
    return std::max<std::uint64_t>(in_a_trip + more, 2 * slow_piece_bytes);
  }

  void measure(std::size_t bytes, std::uint64_t now) {
    if (measured_since_ == 0 || now - measured_since_ > 5 * measure_milliseconds) {
      measured_since_ = now;  // After a rest: the bytes of this moment tell nothing.
      measured_ = 0;
      return;
    }
    measured_ += bytes;
    const std::uint64_t span = now - measured_since_;
    // The first measure comes early, so that a good line need not wait for a second.
    if (span < std::max<std::uint64_t>(shortest_trip_, 1)) return;
    const std::uint64_t rate = measured_ * 1'000 / span;
    goodput_ = std::max(rate, span >= measure_milliseconds ? (goodput_ + rate) / 2 : goodput_);
    if (span < measure_milliseconds) return;
    measured_since_ = now;
    measured_ = 0;
  }

  std::deque<Flight> flights_;
  std::uint64_t under_way_ = 0;
  std::uint64_t credit_ = initial_credit_bytes;
  std::uint64_t shortest_trip_ = 0;
  std::uint64_t goodput_ = 0;
  std::uint64_t measured_since_ = 0;
  std::uint64_t measured_ = 0;
};

}  // namespace events::protocol
