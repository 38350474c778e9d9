#pragma once

#include "tests/sim/world.h"

namespace sim {

/// Acts of a device that is older, newer, broken or in the hands of somebody who wants more than he
/// may: the events are authentic, and its own judge was not asked.
class RogueActs {
 public:
  /// Lifetime: the references outlive this object.
  RogueActs(World& world, Random& random, Tally& tally)
      : world_(world), random_(random), tally_(tally) {}

  void act_on(Device& device);

 private:
  events::EventHeader header(Device& device, const Officer& officer);
  events::Payload some_step(Device& device);
  /// Gives, takes and lends roles, mostly to itself, also with a day on which it still might.
  void reach_for_power(Device& device, events::EventHeader head);
  /// Asks for chains, though nobody else speaks on its own.
  void ask_for_chains(Device& device);
  /// Events of an unknown kind, many at once.
  void flood(Device& device, const Officer& officer);

  World& world_;
  Random& random_;
  Tally& tally_;
};

}  // namespace sim
