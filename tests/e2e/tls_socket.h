#pragma once

#include "platform/net/tls_client.h"
#include "platform/net/transport.h"

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace e2e {

/// A TLS connection to a port of this machine that sends whatever bytes it is told to.
///
/// Thread: one at a time.
class TlsSocket {
 public:
  /// `authorities`: whom it trusts, in PEM.
  TlsSocket(std::uint16_t port, const std::string& authorities);

  /// False: the other side is gone, or there was no handshake.
  bool send(std::string_view bytes);
  /// Everything until the other side closes; 20 seconds at most.
  std::string read_to_end();

 private:
  using Begin = std::function<void(std::function<void(network::error_code, std::size_t)>)>;
  /// Waits for one operation; how many bytes it moved, 0 when it failed.
  std::size_t wait_for(const Begin& begin);

  boost::asio::io_context context_;
  std::unique_ptr<network::TlsClient> client_;
  network::Transport stream_{context_.get_executor()};
  bool is_broken_ = false;
};

}  // namespace e2e
