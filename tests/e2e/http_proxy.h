#pragma once

#include "platform/net/tls_server.h"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace e2e {

/// What stands between a device and its server in offices, cafés and carriers' networks: an HTTP
/// proxy on a free port of this machine that reads the head of each connection's first request.
///
/// Thread: `decide` is called on the proxy's own threads.
class HttpProxy {
 public:
  /// Given a request's head: the answer the proxy gives itself, after which it closes; an empty one
  /// closes without a word; nothing lets the connection through, with `*head` as it is then.
  using Decide = std::function<std::optional<std::string>(std::string* head)>;

  /// `tls`: the proxy ends TLS, and speaks plain text to the server.
  HttpProxy(std::uint16_t server_port, Decide decide,
            std::unique_ptr<network::TlsServer> tls = nullptr);
  ~HttpProxy();
  HttpProxy(const HttpProxy&) = delete;
  HttpProxy& operator=(const HttpProxy&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url() const {
    return (tls_ ? "wss://127.0.0.1:" : "ws://127.0.0.1:") + std::to_string(port_);
  }

 private:
  void accept();
  void serve(int file) const;

  std::uint16_t server_port_;
  Decide decide_;
  std::unique_ptr<network::TlsServer> tls_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_over_{false};
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

/// An answer of a proxy.
std::string http_answer(const std::string& status, const std::string& content_type,
                        const std::string& body, const std::string& more_heads = "");

}  // namespace e2e
