#pragma once

#include <chrono>
#include <filesystem>

namespace e2e {

/// A wrong wall clock for programs that are started while `Worn` lives, see tests/shifted_clock.
/// It can step while they run.
///
/// Thread: one at a time: it changes this process's environment.
class ShiftedClock {
 public:
  /// `file`: holds the shift; made anew, at 0.
  explicit ShiftedClock(std::filesystem::path file);

  /// From now on the programs' clocks are ahead by `shift`; behind where it is negative.
  void set(std::chrono::milliseconds shift) const;

  /// While it lives every program that is started has this clock.
  class Worn {
   public:
    explicit Worn(const ShiftedClock& clock);
    ~Worn();
    Worn(const Worn&) = delete;
    Worn& operator=(const Worn&) = delete;
  };

 private:
  std::filesystem::path file_;
};

}  // namespace e2e
