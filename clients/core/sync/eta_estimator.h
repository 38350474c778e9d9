#pragma once

#include "events/base/time.h"

#include <cstdint>
#include <deque>
#include <optional>

namespace clients {

/// How fast work gets done over a line, measured over the last seconds, so that an estimate follows
/// a line that becomes better or worse.
///
/// Thread: one at a time.  It has no clock: every call is told the time.
class EtaEstimator {
 public:
  /// Samples older than this do not count.
  static constexpr std::uint64_t window_milliseconds = 15'000;

  /// `done` of the work is done at `now`; it may grow only.
  void note(events::Timestamp now, std::uint64_t done);
  /// Seconds until `total` is done; nothing while nobody can say: nothing moved within the window.
  std::optional<std::uint64_t> seconds_left(std::uint64_t total) const;

 private:
  struct Sample {
    events::Timestamp at;
    std::uint64_t done = 0;
  };
  std::deque<Sample> samples_;
};

}  // namespace clients
