#pragma once

#include "tests/sim/random.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace sim {

/// Programs of two builds in one country: one knows version 1 of the rules alone, the other version
/// 2 as well (tests/rules_2).  The server is updated some time, and adopts version 2; each device
/// is updated before, later, or not before the end.
///
/// It plays in a tenth of the seeds and draws from a stream of its own, so that the days of the
/// others are what they were.
class MixedBuilds {
 public:
  using Trace = std::function<void(const char* what, const std::string& who)>;

  /// Lifetime: the references outlive this object.
  MixedBuilds(World& world, std::uint64_t seed, unsigned seeds_percent, Tally& tally, Trace trace);

  /// New devices come with one of the builds; now and then one is updated, or the server is.
  void step();
  /// Every device is updated, and reads again what it has.
  void update_all();

 private:
  void give_builds();
  void update(Device& device);

  World& world_;
  Random random_;
  Tally& tally_;
  Trace trace_;
  bool play_;
  std::set<const Device*> known_;
};

}  // namespace sim
