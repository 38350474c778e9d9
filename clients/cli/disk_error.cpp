#include "clients/cli/disk_error.h"

#include <cerrno>

namespace clients {

using events::Error;
using events::ErrorCode;

Error disk_error(const std::filesystem::path& path, const std::error_code& reason) {
  const bool is_denied =
      reason == std::errc::permission_denied || reason == std::errc::operation_not_permitted;
  return {is_denied ? ErrorCode::device_denied : ErrorCode::device_storage,
          path.string() + ": " + reason.message()};
}

Error disk_error(const std::filesystem::path& path) {
  return disk_error(path, std::error_code(errno, std::generic_category()));
}

}  // namespace clients
