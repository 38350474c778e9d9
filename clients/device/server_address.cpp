#include "clients/device/server_address.h"

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<ServerAddress> ServerAddress::parse(std::string_view url) {
  const Error wrong{ErrorCode::invalid_argument,
                    "Địa chỉ máy chủ phải có dạng wss://tên-máy:cổng, ví dụ "
                    "wss://khuyenhoc.example:8470; ws:// chỉ dùng trên cùng một máy."};
  constexpr std::string_view plain = "ws://";
  constexpr std::string_view encrypted = "wss://";
  ServerAddress address;
  address.tls = url.starts_with(encrypted);
  if (!address.tls && !url.starts_with(plain)) return wrong;
  url.remove_prefix(address.tls ? encrypted.size() : plain.size());
  if (const std::size_t slash = url.find('/'); slash != std::string_view::npos) {
    if (url.substr(slash) != "/") address.path = url.substr(slash);
    url = url.substr(0, slash);
  }
  const std::size_t bracket = url.rfind(']');
  const std::size_t colon = url.rfind(':');
  if (colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket)) {
    address.port = url.substr(colon + 1);
    url = url.substr(0, colon);
  }
  if (url.starts_with('[') && url.ends_with(']')) url = url.substr(1, url.size() - 2);
  address.host = url;
  const bool digits = address.port.find_first_not_of("0123456789") == std::string::npos;
  if (address.host.empty() || address.port.empty() || address.port.size() > 5 || !digits) {
    return wrong;
  }
  return address;
}

std::string ServerAddress::authority() const {
  const bool is_ipv6 = host.find(':') != std::string::npos;
  return (is_ipv6 ? "[" + host + "]" : host) + ":" + port;
}

}  // namespace clients
