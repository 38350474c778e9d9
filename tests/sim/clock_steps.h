#pragma once

#include "tests/sim/random.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <functional>
#include <string>

namespace sim {

/// What befalls the server's clock: it drifts by minutes; it steps by hours, days and years and to
/// 1970, while the server runs and while it is off; somebody confirms it, right or wrong; a device
/// whose own clock is as wrong vouches for it; somebody sets it right.
///
/// It plays in a third of the seeds and draws from a stream of its own, so that the days of the
/// others are what they were.
class ClockSteps {
 public:
  using Trace = std::function<void(const char* what, const std::string& who)>;

  /// Whether the server's clock steps in that seed.
  static bool play_in(std::uint64_t seed);

  /// Lifetime: the references outlive this object.
  ClockSteps(World& world, std::uint64_t seed, Tally& tally, Trace trace);

  /// Now and then something happens to the clock.
  void step();
  /// The clock is set right and confirmed, and so are those of devices that believed a wrong one.
  void mend();

 private:
  void drift();
  void go_wrong();
  void go_right();
  void set(std::int64_t offset);
  void confirm();
  void mislead_a_device();
  std::int64_t draw_offset();
  void trace(const char* what, const std::string& who = "") const { trace_(what, who); }

  World& world_;
  Random random_;
  Random drifts_;
  Tally& tally_;
  Trace trace_;
  bool play_;
};

}  // namespace sim
