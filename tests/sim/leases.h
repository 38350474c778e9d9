#pragma once

#include "tests/sim/device.h"
#include "tests/sim/plants.h"
#include "tests/sim/random.h"
#include "tests/sim/tally.h"
#include "tests/sim/world.h"

#include <cstdint>
#include <functional>
#include <set>
#include <string>

namespace sim {

/// The end of a lease: a device that did not meet the server for too long locks the names it holds
/// and records nothing, until it has met it.
///
/// In a quarter of the seeds a lease is short enough to end; they draw from a stream of their own.
class Leases {
 public:
  using Trace = std::function<void(const char* what, const std::string& who)>;

  /// How long a lease is in that seed.
  static std::uint32_t days_in(std::uint64_t seed);

  /// Lifetime: the references outlive this object.
  Leases(World& world, std::uint64_t seed, Tally& tally, Plant plant, Trace trace);

  /// Now and then somebody looks at a device.
  void step();
  /// Whether the device refuses to record, since its lease is over.
  bool refuses(Device& device);
  /// Everybody has met the server.
  void check_at_rest();

 private:
  /// As the device does when it starts, before an act and behind a meeting.
  void heed(Device& device);
  void check(Device& device) const;

  World& world_;
  Random random_;
  Tally& tally_;
  Plant plant_;
  Trace trace_;
  bool play_;
  std::set<const Device*> locked_;
};

}  // namespace sim
