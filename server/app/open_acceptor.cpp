#include "server/app/open_acceptor.h"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>
#include <netinet/tcp.h>

#include <string>

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using net::ip::tcp;

namespace {

/// Of TCP, without its head: with it, 1,280 bytes are never reached.
constexpr int segment_bytes = 1'200;

}  // namespace

Result<tcp::acceptor> open_acceptor(const Config& config, const net::any_io_executor& executor) {
  boost::system::error_code error;
  const std::string host = config.host == "localhost" ? "127.0.0.1" : config.host;
  const net::ip::address address = net::ip::make_address(host, error);
  if (error) {
    return Error{ErrorCode::invalid_argument, "--listen: " + host + " is not an IP address"};
  }
  if (!address.is_loopback() && config.tls_certificate.empty() && !config.allow_plain_text) {
    return Error{ErrorCode::invalid_argument,
                 "--listen " + host +
                     " is not of this machine, and this server speaks plain text: give it "
                     "--tls-certificate and --tls-key, or put a proxy with TLS in front of it and "
                     "add --allow-plain-text"};
  }
  tcp::acceptor acceptor(executor);
  const tcp::endpoint endpoint(address, config.port);
  acceptor.open(endpoint.protocol(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  // Some lines drop packets of the usual size without a word; these fit into IPv6's least.
  using SegmentSize = net::detail::socket_option::integer<IPPROTO_TCP, TCP_MAXSEG>;
  if (!error) acceptor.set_option(SegmentSize(segment_bytes), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(net::socket_base::max_listen_connections, error);
  if (error) {
    return Error{ErrorCode::io_failed, "cannot listen on " + host + " port " +
                                           std::to_string(config.port) + ": " + error.message()};
  }
  return acceptor;
}

}  // namespace server
