#pragma once

#include "events/crypto/digest.h"
#include "events/log/block.h"

namespace clients {

/// In the place of the chain hash before a live block whose beginning did not come.
inline constexpr events::Digest unknown_hash{};

/// Chain hash after the block's last event.
inline events::Digest hash_behind(const events::StoredBlock& block) {
  events::Digest hash = block.previous;
  for (const events::BlockEntry& entry : block.entries) {
    hash = events::chain_next(hash, entry.canonical);
  }
  return hash;
}

}  // namespace clients
