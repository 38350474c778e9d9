#include "tests/e2e/tls_tunnel.h"

#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>

namespace e2e {
namespace {

constexpr int poll_milliseconds = 50;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return address;
}

bool send_all(int file, const char* bytes, int size) {
  while (size > 0) {
    const ssize_t sent = ::send(file, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes += sent;
    size -= static_cast<int>(sent);
  }
  return true;
}

}  // namespace

TlsTunnel::TlsTunnel(std::uint16_t server_port)
    : server_port_(server_port), context_(SSL_CTX_new(TLS_client_method())) {
  // A ticket of the server must not make a read wait for what the test has not asked for yet.
  SSL_CTX_clear_mode(context_, SSL_MODE_AUTO_RETRY);
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  ::bind(listener_, reinterpret_cast<const sockaddr*>(&address), size);
  ::listen(listener_, 64);
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

TlsTunnel::~TlsTunnel() {
  is_over_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_);
  SSL_CTX_free(context_);
}

void TlsTunnel::accept() {
  while (!is_over_) {
    pollfd wanted{listener_, POLLIN, 0};
    if (::poll(&wanted, 1, poll_milliseconds) <= 0) continue;
    const int plain = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (plain >= 0) connections_.emplace_back([this, plain] { serve(plain); });
  }
}

void TlsTunnel::serve(int plain) const {
  const int server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const sockaddr_in address = loopback(server_port_);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls(SSL_new(context_), SSL_free);
  SSL_set_fd(tls.get(), server);
  bool goes_on =
      ::connect(server, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 &&
      SSL_connect(tls.get()) == 1;
  std::array<char, 16 * 1024> buffer;
  const int room = static_cast<int>(buffer.size());
  while (goes_on && !is_over_) {
    std::array<pollfd, 2> wanted{{{plain, POLLIN, 0}, {server, POLLIN, 0}}};
    if (SSL_pending(tls.get()) == 0) ::poll(wanted.data(), wanted.size(), poll_milliseconds);
    if ((wanted[0].revents & (POLLIN | POLLHUP)) != 0) {
      const ssize_t size = ::recv(plain, buffer.data(), buffer.size(), 0);
      goes_on = size > 0 && SSL_write(tls.get(), buffer.data(), static_cast<int>(size)) > 0;
    }
    if (goes_on && ((wanted[1].revents & (POLLIN | POLLHUP)) != 0 || SSL_pending(tls.get()) > 0)) {
      const int size = SSL_read(tls.get(), buffer.data(), room);
      const bool is_empty = size <= 0 && SSL_get_error(tls.get(), size) == SSL_ERROR_WANT_READ;
      goes_on = is_empty || (size > 0 && send_all(plain, buffer.data(), size));
    }
  }
  ::close(server);
  ::close(plain);
}

}  // namespace e2e
