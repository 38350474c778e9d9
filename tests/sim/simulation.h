#pragma once

#include "tests/sim/acts.h"
#include "tests/sim/rogue_acts.h"
#include "tests/sim/tally.h"
#include "tests/sim/violation.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <optional>
#include <string>

namespace sim {

/// How a seed is played.
struct Options {
  int steps_max = 520;
  Plant plant = Plant::none;
  bool trace = false;
  unsigned mixed_builds_percent = 10;  ///< Of the seeds: two builds in one country.
};

/// What became of a seed.
struct Outcome {
  std::uint64_t seed{};
  int steps = 0;
  std::size_t devices = 0;
  std::uint64_t events = 0;
  Tally tally;
  std::optional<Violation> broken;
};

/// Plays one seed from the founding to the last audit.
Outcome play(std::uint64_t seed, const Options& options);

}  // namespace sim
