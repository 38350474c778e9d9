#pragma once

#include "tools/pilot/provision.h"

#include <cstddef>

namespace pilot {

/// What a commune recorded while it was offline.
struct FieldWork {
  std::size_t citizens = 0;
  std::size_t collectives = 0;
  std::size_t events = 0;
  std::size_t held = 0;
};

/// A commune's whole pilot, offline on its own device: registrations and evidence, score sheets,
/// meetings in the hamlets, the list, the council, the decision.  Nothing leaves the device.
FieldWork record_offline(clients::Device& device, const CommuneSetup& commune, const Setup& setup,
                         std::uint64_t seed);

/// Only the registrations of citizens: introduced, opened, registered, accepted.
/// `citizens_max`: of the commune's plan, its first ones.
FieldWork register_citizens(clients::Device& device, const CommuneSetup& commune,
                            const Setup& setup, std::uint64_t seed, std::size_t citizens_max);

}  // namespace pilot
