#include "server/app/open_doors.h"

#include "server/base/logging.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>
#include <netinet/tcp.h>

#include <string>
#include <utility>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using net::ip::tcp;

namespace {

/// Of TCP, without its head: with it, 1,280 bytes are never reached.
constexpr int segment_bytes = 1'200;

/// An address of `option`.
/// Errors: invalid_argument.
Result<net::ip::address> read_ip(const std::string& option, const std::string& host) {
  boost::system::error_code error;
  const std::string number = host == "localhost" ? "127.0.0.1" : host;
  const net::ip::address address = net::ip::make_address(number, error);
  if (error) {
    return Error{ErrorCode::invalid_argument, option + ": " + host + " is not an IP address"};
  }
  return address;
}

Result<tcp::acceptor> listen_on(const tcp::endpoint& endpoint,
                                const net::any_io_executor& executor) {
  boost::system::error_code error;
  tcp::acceptor acceptor(executor);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  // Some lines drop packets of the usual size without a word; these fit into IPv6's least.
  using SegmentSize = net::detail::socket_option::integer<IPPROTO_TCP, TCP_MAXSEG>;
  if (!error) acceptor.set_option(SegmentSize(segment_bytes), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorCode::io_failed, "cannot listen on " + endpoint.address().to_string() +
                                           " port " + std::to_string(endpoint.port()) + ": " +
                                           error.message()};
  }
  return acceptor;
}

Result<tcp::acceptor> open_acceptor(const Config& config, const net::any_io_executor& executor) {
  const std::string& host = config.listen.host;
  const Result<net::ip::address> address = read_ip("--listen", host);
  if (!address) return address.error();
  if (!address->is_loopback() && config.tls_certificate.empty() && !config.allow_plain_text) {
    return Error{ErrorCode::invalid_argument,
                 "--listen " + host +
                     " is not of this machine, and this server speaks plain text: give it "
                     "--tls-certificate and --tls-key, or put a proxy with TLS in front of it and "
                     "add --allow-plain-text"};
  }
  if (!address->is_loopback() && !config.page.empty()) {
    return Error{ErrorCode::invalid_argument,
                 "--page is for who works on the page, on one machine, and --listen " + host +
                     " is not of this machine: build the page into the server"};
  }
  return listen_on({*address, config.listen.port}, executor);
}

Result<tcp::acceptor> open_plain_acceptor(const Address& plain,
                                          const net::any_io_executor& executor) {
  const Result<net::ip::address> address = read_ip("--listen-plain", plain.host);
  if (!address) return address.error();
  if (!address->is_loopback()) {
    return Error{ErrorCode::invalid_argument,
                 "--listen-plain speaks plain text and listens on this machine only, for example "
                 "on 127.0.0.1:8471; " +
                     plain.host + " is not of this machine: give --listen a certificate"};
  }
  return listen_on({*address, plain.port}, executor);
}

}  // namespace

Result<std::vector<Door>> open_doors(const Config& config, const net::any_io_executor& executor) {
  Result<tcp::acceptor> first = open_acceptor(config, executor);
  if (!first) return first.error();
  std::vector<Door> doors;
  doors.push_back({std::move(*first)});
  if (!config.plain) return doors;

  Result<tcp::acceptor> plain = open_plain_acceptor(*config.plain, executor);
  if (!plain) return plain.error();
  const tcp::endpoint endpoint = plain->local_endpoint();
  log_info("listening_plain",
           {{"address", endpoint.address().to_string()}, {"port", endpoint.port()}});
  doors.push_back({std::move(*plain), true});
  return doors;
}

}  // namespace server
