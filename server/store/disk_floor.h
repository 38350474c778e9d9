#pragma once

#include "events/base/result.h"

#include <cstdint>
#include <filesystem>
#include <functional>

namespace server {

/// How much of the disk stays free.  A database that meets a full disk stops for good; one that
/// stops shortly before goes on as soon as there is room.
struct DiskFloor {
  std::uint64_t free_bytes_min = std::uint64_t{64} << 20U;
  /// Tells the free bytes; empty: the file system of the database is asked.
  std::function<std::uint64_t()> free_bytes;

  /// For what may wait while the log goes on: photos and scans.  Above the log's floor stays a
  /// twentieth of the disk, or 1 GiB if that is less.
  static DiskFloor of_files(const std::filesystem::path& path);

  /// Errors: storage_failed: less is free; the message says how much is needed.
  events::Result<void> check(const std::filesystem::path& path) const;
};

}  // namespace server
