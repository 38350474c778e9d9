#include "server/store/disk_watch.h"

#include "server/base/logging.h"

namespace server {
namespace {

events::Error full() {
  return {events::ErrorCode::storage_failed,
          "the server's disk is nearly full; nothing is taken in until there is room"};
}

}  // namespace

events::Result<void> DiskWatch::check() {
  const events::Result<void> room = floor_.check(path_);
  const bool is_full = !room;
  bool has_changed = false;
  {
    const std::scoped_lock lock(mutex_);
    has_changed = is_full_ != is_full;
    is_full_ = is_full;
  }
  if (has_changed && is_full) log_warning("disk_full", {{"reason", room.error().message}});
  if (has_changed && !is_full) log_info("disk_has_room", {});
  if (is_full) return full();
  return {};
}

std::optional<events::Error> DiskWatch::trouble() const {
  const std::scoped_lock lock(mutex_);
  if (is_full_) return full();
  return std::nullopt;
}

}  // namespace server
