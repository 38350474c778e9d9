#include "tests/sim/mixed_builds.h"

#include <utility>

namespace sim {
namespace {

constexpr std::uint64_t own_stream = 0x6275'696C'6473'2121ULL;
constexpr events::RulesVersion older{1};
constexpr events::RulesVersion newer{2};

}  // namespace

MixedBuilds::MixedBuilds(World& world, std::uint64_t seed, unsigned seeds_percent, Tally& tally,
                         Trace trace)
    : world_(world),
      random_(seed ^ own_stream),
      tally_(tally),
      trace_(std::move(trace)),
      play_(random_.chance(seeds_percent)) {
  if (play_) give_builds();
}

void MixedBuilds::give_builds() {
  for (const auto& device : world_.devices()) {
    if (!known_.insert(device.get()).second) continue;
    device->install(random_.chance(70) ? older : newer);
  }
}

void MixedBuilds::update(Device& device) {
  device.install(newer);
  tally_.count(Happening::device_updated);
}

void MixedBuilds::step() {
  if (!play_) return;
  give_builds();
  if (random_.below(250) == 0 && world_.host().newest_rules() < newer) {
    trace_("the server is updated", "");
    world_.host().update(newer);
    tally_.count(Happening::server_updated);
  }
  world_.host().adopt_rules(world_.now());
  if (random_.below(300) == 0) {
    Device& device = *random_.pick(world_.devices());
    if (device.newest_rules() < newer) {
      trace_("is updated:", device.name());
      update(device);
    }
  }
}

void MixedBuilds::update_all() {
  if (!play_) return;
  for (const auto& device : world_.devices()) {
    if (device->newest_rules() < newer) update(*device);
  }
}

}  // namespace sim
