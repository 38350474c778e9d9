#pragma once

#include <chrono>
#include <cstdint>

namespace clients {

/// How long a device waits before it connects again: decorrelated jitter, so that the devices of a
/// province do not come back in step after a restart, and each tries more rarely while it fails.
///
/// State: the last wait.
class Backoff {
 public:
  using Time = std::chrono::milliseconds;
  struct Limits {
    Time shortest{1'000};
    Time longest{60'000};
  };

  explicit Backoff(Limits limits) : limits_(limits), last_(limits.shortest) {}

  /// The next wait: evenly between the shortest and three times the last one, at most the longest.
  /// `asked`: the server wants at least so much; the jitter comes on top.
  Time next(std::uint64_t random, Time asked = Time{0});
  /// A connection was of use: the next wait is a short one again.
  void reset() { last_ = limits_.shortest; }

 private:
  Limits limits_;
  Time last_;
};

}  // namespace clients
