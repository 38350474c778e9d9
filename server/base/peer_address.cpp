#include "server/base/peer_address.h"

#include <algorithm>

namespace server {

namespace ip = boost::asio::ip;

namespace {

constexpr std::size_t network_bytes = 8;

}  // namespace

PeerAddress::PeerAddress(const ip::address& address)
    : is_proxy_(address == ip::address_v4::loopback() || address == ip::address_v6::loopback()) {
  if (address.is_v4()) {
    text_ = address.to_string();
    return;
  }
  const ip::address_v6 full = address.to_v6();
  if (full.is_v4_mapped()) {
    text_ = ip::make_address_v4(ip::v4_mapped, full).to_string();
    return;
  }
  ip::address_v6::bytes_type bytes = full.to_bytes();
  std::fill(bytes.begin() + network_bytes, bytes.end(), std::uint8_t{0});
  text_ = ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace server
