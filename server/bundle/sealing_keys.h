#pragma once

#include "events/base/result.h"
#include "events/crypto/sealing.h"

#include <cstdint>
#include <filesystem>
#include <vector>

namespace server {

/// The server's sealing keys: the newest one, which is published in the log, and the older ones,
/// since a bundle may be on the road for months.
///
/// The file holds the secrets, 32 bytes each, newest last; mode 0600.  Whoever loses it cannot open
/// the bundles under way, and their devices must export them again; whoever steals it reads them.
class SealingKeys {
 public:
  /// How many secrets the file may hold.
  static constexpr std::size_t keys_max = 64;

  /// Reads the file; makes it when it is missing.  `add_key`: draws a new key, which is the newest
  /// from now on.
  /// Errors:  io_failed; storage_corrupt: not whole secrets; too_large: no more keys fit.
  static events::Result<SealingKeys> open(const std::filesystem::path& path, bool add_key);

  events::SealingKey newest() const { return events::sealing_key_of(secrets_.back()); }
  /// The secret of the key with that id; null when it is none of ours.
  const events::SealingSecret* find(std::uint64_t key_id) const;
  std::size_t size() const { return secrets_.size(); }

 private:
  std::vector<events::SealingSecret> secrets_;
};

}  // namespace server
