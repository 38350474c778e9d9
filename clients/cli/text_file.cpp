#include "clients/cli/text_file.h"

#include <fmt/core.h>

#include <filesystem>
#include <fstream>

namespace clients {

events::Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max) {
  std::error_code unknown;
  if (std::filesystem::is_directory(path, unknown)) {
    return events::Error{events::ErrorCode::invalid_argument,
                         fmt::format("{} là thư mục; hãy ghi tên tệp ở trong đó.", path)};
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return events::Error{events::ErrorCode::not_found,
                         fmt::format("Không đọc được tệp {}; hãy kiểm tra đường dẫn.", path)};
  }
  std::string content(bytes_max + 1, '\0');
  file.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(file.gcount()));
  if (file.bad()) {
    return events::Error{events::ErrorCode::io_failed,
                         fmt::format("Không đọc hết được tệp {}: nơi chứa tệp có lỗi khi đọc; hãy "
                                     "chép tệp sang chỗ khác rồi thử lại.",
                                     path)};
  }
  if (content.size() > bytes_max) {
    return events::Error{events::ErrorCode::invalid_argument,
                         fmt::format("Tệp {} dài quá {} byte.", path, bytes_max)};
  }
  return content;
}

}  // namespace clients
