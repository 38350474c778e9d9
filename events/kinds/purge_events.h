#pragma once

#include "events/base/bounded.h"
#include "events/base/ids.h"
#include "events/crypto/serialize.h"
#include "events/kinds/event_type.h"

#include <cstdint>
#include <string_view>
#include <vector>

namespace events {

/// A device destroyed what it may not hold any more, and signed that it did.  On the system chain;
/// the signature is the device's own, over protocol::purged_statement().
struct ScopePurged {
  static constexpr EventType type = EventType::scope_purged;
  static constexpr std::string_view kind_name = "ScopePurged";
  static constexpr std::uint32_t schema = 1;
  static constexpr StreamKind stream = StreamKind::access;
  static constexpr bool creates = false;
  DeviceId device;
  Position as_of;             ///< Of the grant it answers: every revocation up to here is met.
  std::vector<UnitId> units;  ///< Whose private records were destroyed.
  std::uint64_t blocks{};     ///< Received blocks that were dropped.
  Digest removed;             ///< SHA-256 over their first positions.
  Signature signature;

  template <class Archive>
  void serialize(Archive& archive, std::uint32_t /*version*/) {
    archive(CEREAL_NVP(device), CEREAL_NVP(as_of), BOUNDED_NVP(512, units), CEREAL_NVP(blocks),
            CEREAL_NVP(removed), CEREAL_NVP(signature));
  }
};

}  // namespace events
