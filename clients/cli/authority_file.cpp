#include "clients/cli/authority_file.h"

#include "clients/cli/output/output.h"
#include "clients/cli/text_file.h"
#include "platform/net/tls_client.h"

#include <fmt/core.h>

namespace clients {

using events::Result;

namespace {

constexpr std::size_t file_bytes_max = 64 * 1024;

}  // namespace

Result<std::string> read_authorities(const std::string& path) {
  if (path.empty()) return std::string();
  Result<std::string> text = read_text_file(path, file_bytes_max);
  if (!text) return usage_error(fmt::format("--ca: không đọc được tệp {}.", path));
  if (text->empty() || !network::TlsClient::make(*text)) {
    return usage_error(
        fmt::format("--ca: tệp {} không có chứng thư nào ở dạng PEM; hãy xin lại tệp chứng thư "
                    "gốc (thường có đuôi .crt hay .pem) của người quản trị.",
                    path));
  }
  return text;
}

}  // namespace clients
