#include "clients/device/enrolment_call.h"

#include "clients/core/sync/enrolment.h"
#include "clients/device/connection_fault.h"
#include "clients/device/http_client.h"
#include "clients/device/ws_client.h"

#include <memory>
#include <span>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};

/// A request, and the connection that it was made for.
struct Request {
  protocol::Message message;
  std::optional<protocol::ChannelBinding> binding;
};

/// The chain, if the server has proved that it gave it in answer to `request`.
Result<protocol::Enrolled> proved(Result<protocol::Enrolled> enrolled, const Request& request) {
  if (!enrolled) return enrolled;
  if (auto checked = check_enrolled(*enrolled, request.message, request.binding); !checked) {
    return checked.error();
  }
  return enrolled;
}

/// The chain, or why there is none, as far as `frames` say; nothing: not yet.
std::optional<Result<protocol::Enrolled>> enrolled_in(std::span<const protocol::Message> frames) {
  for (const protocol::Message& frame : frames) {
    if (const auto* enrolled = std::get_if<protocol::Enrolled>(&frame)) return *enrolled;
    if (const auto* error = std::get_if<protocol::ErrorFrame>(&frame)) {
      return Error{error->code, error->message};
    }
    if (std::holds_alternative<protocol::Goaway>(frame)) {
      return Error{ErrorCode::closed, "the server is going away"};
    }
  }
  return std::nullopt;
}

Result<protocol::Enrolled> ask_over_http(const ServerAddress& address,
                                         const ConnectionOptions& connection,
                                         const MakeEnrol& make) {
  Result<std::unique_ptr<HttpClient>> client =
      HttpClient::connect(address, connection, connect_timeout);
  if (!client) return client.error();
  const Request request{make((*client)->binding()), (*client)->binding()};
  const auto frames = (*client)->exchange({&request.message, 1}, connect_timeout);
  if (!frames) return frames.error();
  const Error silence{ErrorCode::closed, "the server does not answer"};
  return proved(enrolled_in(*frames).value_or(silence), request);
}

Result<protocol::Enrolled> ask_once(const ServerAddress& address,
                                    const ConnectionOptions& connection, const MakeEnrol& make) {
  Request request;
  const Greeter greeter = [&](const auto& binding) {
    request = {make(binding), binding};
    return request.message;
  };
  Result<std::unique_ptr<WsClient>> client =
      WsClient::connect(address, connection, greeter, connect_timeout);
  if (!client && may_pass_as_http(client.error())) {
    return ask_over_http(address, connection, make);
  }
  if (!client) return client.error();
  for (;;) {
    const auto frames = (*client)->receive(connect_timeout);
    if (!frames) return frames.error();
    if (!*frames) return Error{ErrorCode::timed_out, "the server does not answer"};
    const auto enrolled = enrolled_in(**frames);
    if (!enrolled) continue;
    if (*enrolled) (*client)->close();
    return proved(*enrolled, request);
  }
}

}  // namespace

Result<protocol::Enrolled> ask_for_chain(const ServerAddress& address, ConnectionOptions connection,
                                         const MakeEnrol& make) {
  Result<protocol::Enrolled> enrolled = ask_once(address, connection, make);
  if (enrolled || !address.tls || enrolled.error().code != ErrorCode::bad_signature) {
    return enrolled;
  }
  connection.bind = false;
  return ask_once(address, connection, make);
}

}  // namespace clients
