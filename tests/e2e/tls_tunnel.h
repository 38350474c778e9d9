#pragma once

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

struct ssl_ctx_st;

namespace e2e {

/// A port of this machine where plain text goes in and reaches a server in TLS, so that a test
/// speaks HTTP by hand to one that ends TLS itself.  The certificate is not looked at.
///
/// Thread: one at a time.
class TlsTunnel {
 public:
  explicit TlsTunnel(std::uint16_t server_port);
  ~TlsTunnel();
  TlsTunnel(const TlsTunnel&) = delete;
  TlsTunnel& operator=(const TlsTunnel&) = delete;

  std::uint16_t port() const { return port_; }

 private:
  void accept();
  void serve(int plain) const;

  std::uint16_t server_port_;
  ssl_ctx_st* context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> is_over_{false};
  std::vector<std::thread> connections_;
  std::thread acceptor_;
};

}  // namespace e2e
