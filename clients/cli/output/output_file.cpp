#include "clients/cli/output/output_file.h"

#include "clients/cli/output/output.h"
#include "clients/device/disk_error.h"

#include <fmt/core.h>

#include <string_view>

namespace clients {

using events::ErrorCode;
using events::Result;
using platform::Obstacle;

Result<void> check_new_file(const std::string& path, const platform::NewFileOptions& options) {
  const std::optional<Obstacle> obstacle = platform::obstacle_to(path, options);
  if (!obstacle) return {};
  switch (*obstacle) {
    case Obstacle::exists:
      return usage_error(fmt::format(
          "Đã có tệp “{}”; hãy chọn tên khác, hoặc thêm --force để thay tệp ấy.", path));
    case Obstacle::is_source:
      return usage_error(
          fmt::format("“{}” chính là tệp đang đọc; hãy chọn tên khác cho tệp mới.", path));
    case Obstacle::no_file:
      return usage_error(fmt::format("“{}” không phải là tệp; hãy ghi rõ tên tệp cần lưu.", path));
    case Obstacle::no_folder:
      return usage_error(fmt::format(
          "Không có thư mục để lưu “{}”; hãy xem lại đường dẫn và cắm lại thẻ nhớ.", path));
  }
  return {};
}

std::string new_file_advice(const std::string& path, const events::Error& error) {
  if (!error.message.starts_with(path)) return {};
  if (error.code == ErrorCode::device_storage) {
    const DiskFault fault = disk_fault(error);
    const std::string_view cause = fault == DiskFault::full        ? "nơi lưu đã đầy"
                                   : fault == DiskFault::read_only ? "nơi lưu bị khóa ghi"
                                                                   : "nơi lưu có lỗi khi ghi";
    return fmt::format(
        "Không ghi được tệp “{}”: {}. Không có tệp dở dang nào để lại; dữ liệu trên thiết bị vẫn "
        "còn nguyên.",
        path, cause);
  }
  if (error.code == ErrorCode::device_denied) {
    return fmt::format("Người dùng này không được phép ghi vào nơi lưu “{}”; hãy chọn nơi khác.",
                       path);
  }
  return {};
}

std::string read_file_advice(const std::string& path, const events::Error& error) {
  if (!error.message.starts_with(path)) return {};
  if (error.code == ErrorCode::device_storage) {
    return fmt::format("Không đọc hết được tệp “{}”; hãy cắm lại thẻ nhớ rồi thử lần nữa.", path);
  }
  if (error.code == ErrorCode::device_denied) {
    return fmt::format("Người dùng này không được phép đọc tệp “{}”.", path);
  }
  return {};
}

}  // namespace clients
