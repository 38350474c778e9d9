#include "server/store/disk_floor.h"

#include <algorithm>
#include <string>
#include <system_error>

namespace server {

DiskFloor DiskFloor::of_files(const std::filesystem::path& path) {
  constexpr std::uint64_t most = std::uint64_t{1} << 30U;
  std::error_code failed;
  const std::uint64_t capacity = std::filesystem::space(path, failed).capacity;
  DiskFloor floor;
  if (!failed) floor.free_bytes_min += std::min(most, capacity / 20);
  return floor;
}

events::Result<void> DiskFloor::check(const std::filesystem::path& path) const {
  std::uint64_t available = 0;
  if (free_bytes) {
    available = free_bytes();
  } else {
    std::error_code failed;
    available = std::filesystem::space(path, failed).available;
    if (failed) {
      return events::Error{events::ErrorCode::storage_failed,
                           path.string() + ": free space: " + failed.message()};
    }
  }
  if (available >= free_bytes_min) return {};
  return events::Error{events::ErrorCode::storage_failed,
                       "the disk of " + path.string() + " has " + std::to_string(available) +
                           " bytes free and needs " + std::to_string(free_bytes_min) +
                           "; writing goes on as soon as they are free"};
}

}  // namespace server
