#include "clients/device/disk_error.h"

#include <fmt/core.h>

#include <cerrno>
#include <string_view>

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

DiskFault disk_fault(const Error& error) {
  const auto says = [&](std::string_view words) {
    return error.message.find(words) != std::string::npos;
  };
  for (const char* const full : {"No space left", "NoSpace", "quota exceeded", "File too large"}) {
    if (says(full)) return DiskFault::full;
  }
  return says("Read-only file system") ? DiskFault::read_only : DiskFault::failing;
}

std::string disk_advice_vi(const Error& error, DiskWork work) {
  std::string_view cause = "gặp lỗi khi ghi";
  std::string_view remedy = "Hãy ngừng nhập, báo quản trị thiết bị";
  const DiskFault fault = disk_fault(error);
  if (fault == DiskFault::full) {
    cause = "đã đầy";
    remedy = "Hãy xóa bớt tệp khác trên thiết bị";
  } else if (fault == DiskFault::read_only) {
    cause = "chỉ cho đọc, không cho ghi";
    remedy = "Hãy nhờ quản trị thiết bị mở lại quyền ghi";
  }
  const bool records = work == DiskWork::recording;
  const std::string_view kept =
      records ? "; việc vừa nhập CHƯA được ghi"
              : " nên không nhận thêm được; việc đã ghi trước đó vẫn còn nguyên";
  return fmt::format("Bộ nhớ của thiết bị này {}{}. {} rồi {}.", cause, kept, remedy,
                     records ? "nhập lại" : "chạy lại lệnh");
}

}  // namespace clients
