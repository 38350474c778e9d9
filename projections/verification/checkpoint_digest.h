#pragma once

#include "events/base/ids.h"
#include "events/crypto/serialize.h"

#include <cstdint>
#include <string>

namespace verification {

/// What a server says it had folded a projection to.
struct CheckpointDigest {
  std::string name;
  std::uint32_t revision{};
  events::Position position;
  events::Digest digest;  ///< SHA-256 of its bytes.

  bool operator==(const CheckpointDigest&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(events::bounded<64>(name), revision, position, digest);
  }
};

}  // namespace verification
