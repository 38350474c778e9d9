#pragma once

#include "events/base/result.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace clients {

/// What stands between a device and its server, where the officer can do something about it or the
/// device goes another way.
enum class ConnectionFault : std::uint8_t {
  captive_portal = 1,         ///< A web page answered: this network wants a login first.
  certificate_time = 2,       ///< The certificate is not valid today, by this device's clock.
  certificate_untrusted = 3,  ///< Signed by nobody the device trusts, or for another name.
  not_tls = 4,                ///< What answers there does not speak TLS 1.3.
  no_web_socket = 5,          ///< Something on the way lets HTTP through but no WebSocket.
  upgrade_cut = 6,  ///< The line ended at the upgrade: a proxy hung up, or just a bad line.
};

/// An io_failed that says so.  `detail`: English, for operators.
events::Error fault_error(ConnectionFault fault, std::string_view detail);
/// The fault that fault_error() put into `error`.
std::optional<ConnectionFault> fault_of(const events::Error& error);
/// Whether the same frames may get through as HTTP where the WebSocket failed like this.
bool may_pass_as_http(const events::Error& error);
/// What the officer should do, in Vietnamese.
std::string_view advice_vi(ConnectionFault fault);

}  // namespace clients
