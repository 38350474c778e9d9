#include "clients/device/connection.h"

#include "clients/device/connection_fault.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using network::error_code;
namespace asio = boost::asio;

namespace {

Result<void> result_of(const char* what, const error_code& code) {
  if (!code) return {};
  if (code == asio::error::timed_out) {
    return Error{ErrorCode::timed_out, std::string(what) + ": no answer"};
  }
  return Error{ErrorCode::io_failed, std::string(what) + ": " + code.message()};
}

}  // namespace

Result<std::unique_ptr<Connection>> Connection::connect(const ServerAddress& address,
                                                        const ConnectionOptions& options,
                                                        Milliseconds timeout) {
  std::unique_ptr<Connection> connection(new Connection());
  connection->bind_ = options.bind;
  if (address.tls) {
    Result<std::unique_ptr<network::TlsClient>> tls = network::TlsClient::make(options.authorities);
    if (!tls) return tls.error();
    connection->tls_ = std::move(*tls);
  }
  if (Result<void> done = connection->reach(address, timeout); !done) return done.error();
  if (!address.tls) return connection;
  if (Result<void> done = connection->encrypt(address, options, timeout); !done)
    return done.error();
  return connection;
}

Result<void> Connection::reach(const ServerAddress& address, Milliseconds timeout) {
  asio::ip::tcp::resolver resolver(context_);
  asio::ip::tcp::resolver::results_type endpoints;
  const auto resolve = [&](auto handler) {
    resolver.async_resolve(address.host, address.port,
                           [&endpoints, handler](const error_code& code, auto results) {
                             endpoints = std::move(results);
                             handler(code);
                           });
  };
  const error_code resolved = wait_for(resolve, timeout);
  if (Result<void> done = result_of("resolving the name", resolved); !done) return done;
  const auto connect_socket = [&](auto handler) {
    asio::async_connect(transport_.socket(), endpoints, handler);
  };
  const error_code connected = wait_for(connect_socket, timeout);
  if (Result<void> done = result_of("connecting", connected); !done) return done;
  transport_.tune();
  return {};
}

Result<void> Connection::encrypt(const ServerAddress& address, const ConnectionOptions& options,
                                 Milliseconds timeout) {
  transport_.use_tls(tls_->connect(address.host, options.session));
  const error_code code =
      wait_for([&](auto handler) { transport_.async_handshake(handler); }, timeout);
  if (!code) return {};
  const std::string& problem = transport_.tls_problem();
  if (network::failed_for_its_time(transport_)) {
    return fault_error(ConnectionFault::certificate_time, problem);
  }
  if (network::failed_for_certificate(transport_)) {
    return fault_error(ConnectionFault::certificate_untrusted, problem);
  }
  if (!problem.empty()) return fault_error(ConnectionFault::not_tls, problem);
  return result_of("TLS", code);
}

std::optional<events::protocol::ChannelBinding> Connection::binding() const {
  if (!bind_) return std::nullopt;
  return transport_.binding();
}

const std::string& Connection::ticket() const {
  static const std::string none;
  return tls_ ? tls_->ticket() : none;
}

void Connection::abandon() {
  transport_.close();
  run_until([this] { return under_way_ == 0; }, std::chrono::seconds(1));
}

}  // namespace clients
