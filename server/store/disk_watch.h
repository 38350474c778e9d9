#pragma once

#include "events/base/result.h"
#include "server/store/disk_floor.h"

#include <filesystem>
#include <mutex>
#include <optional>

namespace server {

/// Whether the disk has room for the log, as it was found last; says in the server's log when that
/// begins and when it ends, once each.
///
/// Thread: any.
class DiskWatch {
 public:
  DiskWatch(std::filesystem::path path, DiskFloor floor)
      : path_(std::move(path)), floor_(std::move(floor)) {}

  /// Looks.
  /// Errors: storage_failed, without paths: peers hear it.
  events::Result<void> check();
  /// Nothing while there was room.
  std::optional<events::Error> trouble() const;

 private:
  const std::filesystem::path path_;
  const DiskFloor floor_;
  mutable std::mutex mutex_;
  bool is_full_ = false;
};

}  // namespace server
