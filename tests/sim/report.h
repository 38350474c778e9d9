#pragma once

#include "tests/sim/simulation.h"

#include <array>
#include <cstdint>
#include <vector>

namespace sim {

/// What a run of many seeds says at its end.
class Report {
 public:
  /// Prints a failed seed at once.
  void add(const Outcome& outcome);
  void print() const;

  std::uint64_t failures() const { return failures_; }
  /// No promise was broken; and, when there were enough seeds to say so, everything that should
  /// happen has happened.
  bool passes() const;

 private:
  std::vector<int> steps_;
  std::vector<std::uint64_t> events_;
  std::size_t devices_min_ = 0;
  Tally tally_;
  std::array<std::uint64_t, happenings> least_{};       // In one seed.
  std::array<std::uint64_t, happenings> seeds_with_{};  // Seeds that met it at all.
  std::uint64_t failures_ = 0;
};

}  // namespace sim
