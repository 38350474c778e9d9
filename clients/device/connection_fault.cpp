#include "clients/device/connection_fault.h"

#include <array>
#include <string>

namespace clients {
namespace {

struct Words {
  ConnectionFault fault;
  std::string_view name;  ///< How the error's message begins.
  std::string_view advice;
};

constexpr std::array<Words, 6> all_words{{
    {ConnectionFault::captive_portal, "a web page answers instead of the server",
     "Mạng này đang đòi đăng nhập qua một trang web nên chưa tới được máy chủ; chưa có gì được gửi "
     "hay nhận. Hãy mở trình duyệt, vào một trang bất kỳ, đăng nhập vào mạng rồi chạy lại lệnh, "
     "hoặc dùng mạng khác."},
    {ConnectionFault::certificate_time, "the certificate is not valid now",
     "Chứng thư của máy chủ chưa có hiệu lực hoặc đã hết hạn theo đồng hồ của thiết bị này. Hãy "
     "xem lại ngày giờ của thiết bị; nếu ngày giờ đúng, hãy báo người quản trị máy chủ gia hạn "
     "chứng thư."},
    {ConnectionFault::certificate_untrusted, "the certificate is not trusted",
     "Thiết bị không tin chứng thư của máy chủ, nên không gửi gì. Hãy xem lại địa chỉ máy chủ; nếu "
     "cơ quan dùng chứng thư riêng, hãy xin tệp chứng thư gốc của người quản trị và chạy lại lệnh "
     "với --ca TỆP. Ở mạng công cộng, hãy đăng nhập vào mạng bằng trình duyệt trước."},
    {ConnectionFault::not_tls, "no TLS 1.3 there",
     "Nơi trả lời không nói TLS 1.3. Hãy xem lại địa chỉ và cổng của máy chủ, hoặc thử lại bằng "
     "mạng khác."},
    {ConnectionFault::no_web_socket, "the WebSocket is not let through",
     "Mạng này chặn kết nối tới máy chủ. Hãy thử sync --http, hoặc dùng mạng khác."},
    {ConnectionFault::upgrade_cut, "the line ended at the upgrade",
     "Đường truyền bị ngắt khi đang nối với máy chủ. Những gì đã ghi vẫn còn trên thiết bị. Hãy "
     "thử "
     "lại, hoặc thử sync --http nếu lần nào cũng vậy."},
}};

const Words& entry_of(ConnectionFault fault) {
  for (const Words& words : all_words) {
    if (words.fault == fault) return words;
  }
  return all_words.front();
}

}  // namespace

events::Error fault_error(ConnectionFault fault, std::string_view detail) {
  std::string message(entry_of(fault).name);
  message += ": ";
  message += detail;
  return {events::ErrorCode::io_failed, std::move(message)};
}

std::optional<ConnectionFault> fault_of(const events::Error& error) {
  for (const Words& words : all_words) {
    if (error.message.starts_with(words.name)) return words.fault;
  }
  return std::nullopt;
}

bool may_pass_as_http(const events::Error& error) {
  const std::optional<ConnectionFault> fault = fault_of(error);
  return fault == ConnectionFault::no_web_socket || fault == ConnectionFault::upgrade_cut;
}

std::string_view advice_vi(ConnectionFault fault) { return entry_of(fault).advice; }

}  // namespace clients
