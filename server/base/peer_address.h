#pragma once

#include <boost/asio/ip/address.hpp>

#include <compare>
#include <cstdint>
#include <string>

namespace server {

/// Who counts as one stranger: an IPv4 address, or the /64 of an IPv6 one, which is what a
/// household or an office is given.  127.0.0.1 and ::1 are no one stranger: a proxy on this machine
/// speaks from there for all of them, and has to tell them apart itself.
class PeerAddress {
 public:
  /// Of nobody: what has no connection.
  PeerAddress() = default;
  explicit PeerAddress(const boost::asio::ip::address& address);

  /// "192.0.2.7", "2001:db8:1:2::/64"; "-" of nobody.
  const std::string& text() const { return text_; }
  bool is_proxy() const { return is_proxy_; }
  friend auto operator<=>(const PeerAddress&, const PeerAddress&) = default;

 private:
  std::string text_ = "-";
  bool is_proxy_ = false;
};

/// A connection, and where it comes from.
struct Caller {
  std::uint64_t number = 0;
  PeerAddress address;
  bool is_plain = false;  ///< It came where this server speaks plain text beside TLS.
};

}  // namespace server
