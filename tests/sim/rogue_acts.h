#pragma once

#include "tests/sim/world.h"

namespace sim {

/// Acts of a device that is older, newer or broken: the events are authentic, and its own judge was
/// not asked.
class RogueActs {
 public:
  /// Lifetime: the references outlive this object.
  RogueActs(World& world, Random& random, Tally& tally)
      : world_(world), random_(random), tally_(tally) {}

  void act_on(Device& device);

 private:
  events::EventHeader header(Device& device, const Officer& officer);
  events::Payload some_step(Device& device);

  World& world_;
  Random& random_;
  Tally& tally_;
};

}  // namespace sim
