#pragma once

#include "events/base/bytes.h"
#include "tests/sim/device.h"
#include "tests/sim/random.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <string>

namespace sim {

/// People who carry bundles: for hours or days, twice, never, past each other and past the network,
/// with a torn or a changed file, and to the wrong door.
///
/// They draw from a stream of their own and play in half of the seeds, so that the days of the
/// others are what they were.
class BundleTrips {
 public:
  using Trace = std::function<void(const char* what, const std::string& who)>;

  /// Lifetime: the references outlive this object.
  BundleTrips(World& world, std::uint64_t seed, Tally& tally, Trace trace);

  /// Now and then somebody leaves or somebody arrives.
  void step();
  /// Whoever is still on the way arrives when all others have come to rest.
  void arrive_late();

 private:
  enum class Damage : std::uint8_t { none, cut, changed };
  struct Load {
    Device* device = nullptr;
    events::Bytes bundle;
    bool is_answer = false;
    Damage damage = Damage::none;
    events::Timestamp due;
    std::uint64_t session = 0;  // In which the answer was made.
  };
  void leave();
  void send_off(Load load);
  void damage(Load& load);
  void arrive(Load load);
  void hand_over(Load load);
  void bring_back(const Load& load);
  void bring_to_the_wrong_door(const Load& load);
  Device* some_sender();

  World& world_;
  Random random_;
  Tally& tally_;
  Trace trace_;
  bool play_;
  std::deque<Load> loads_;
};

}  // namespace sim
