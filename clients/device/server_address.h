#pragma once

#include "events/base/result.h"

#include <string>
#include <string_view>

namespace clients {

/// Where a server is: "wss://host:port/path" in TLS, "ws://…" in plain text; the port 8470 and the
/// path /s when left out.
struct ServerAddress {
  std::string host;
  std::string port = "8470";
  std::string path = "/s";
  bool tls = false;

  /// Errors:  invalid_argument: not of that form.
  static events::Result<ServerAddress> parse(std::string_view url);

  /// "host:port", the host in brackets when it is an IPv6 address.
  std::string authority() const;
};

}  // namespace clients
