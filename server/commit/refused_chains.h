#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "projections/state/access.h"

#include <filesystem>
#include <mutex>
#include <set>
#include <vector>

namespace server {

/// Devices that the operator has set aside: nothing is taken from them or handed to them until
/// they are allowed again.  It needs no event and no role; a device that is lost is revoked
/// besides.
///
/// State: their chains, in memory and in a file of the data directory, one number a line.
/// Thread: any.
class RefusedChains {
 public:
  /// Reads the file; a missing one names nobody.
  /// Errors: storage_corrupt: a line is not a number of a chain; storage_failed.
  static events::Result<std::set<events::ChainNumber>> read(const std::filesystem::path& path);

  RefusedChains(std::filesystem::path path, std::set<events::ChainNumber> chains)
      : path_(std::move(path)), chains_(std::move(chains)) {}

  /// On return it survives a power cut.
  /// Errors: storage_failed; then nothing has changed.
  events::Result<void> set(events::ChainNumber chain, bool is_refused);
  std::vector<events::ChainNumber> all() const;
  /// Errors: not_permitted: the chain, or one that it continues, was set aside.
  events::Result<void> check(const projections::Access& access, events::ChainNumber chain) const;

 private:
  const std::filesystem::path path_;
  mutable std::mutex mutex_;
  std::set<events::ChainNumber> chains_;
};

}  // namespace server
