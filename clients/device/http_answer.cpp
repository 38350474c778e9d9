#include "clients/device/http_answer.h"

#include "clients/device/connection_fault.h"

namespace clients {

events::Error wrong_answer(const HttpAnswer& answer) {
  constexpr unsigned network_authentication_required = 511;  // RFC 6585 6.
  const bool leads_elsewhere = answer.status >= 300 && answer.status < 400;
  const bool is_page = answer.status == 200 && answer.content_type.starts_with("text/html");
  const bool is_portal =
      leads_elsewhere || is_page || answer.status == network_authentication_required;
  const std::string detail = "HTTP " + std::to_string(answer.status) + " " + answer.content_type +
                             (answer.location.empty() ? "" : " to " + answer.location);
  return fault_error(is_portal ? ConnectionFault::captive_portal : ConnectionFault::no_web_socket,
                     detail);
}

}  // namespace clients
