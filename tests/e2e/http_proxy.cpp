#include "tests/e2e/http_proxy.h"

#include "events/base/check.h"
#include "tests/e2e/raw_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <chrono>

namespace e2e {
namespace {

constexpr int poll_milliseconds = 5;

/// The device's side of a connection, in TLS when there is an `ssl`.
class Downstream {
 public:
  Downstream(int file, network::SslPointer ssl) : file_(file), ssl_(std::move(ssl)) {
    if (ssl_) SSL_set_fd(ssl_.get(), file_);
  }
  ~Downstream() {
    if (ssl_) SSL_shutdown(ssl_.get());
    ::close(file_);
  }
  Downstream(const Downstream&) = delete;
  Downstream& operator=(const Downstream&) = delete;

  RawSocket::Read read(std::string* target) {
    pollfd wanted{file_, POLLIN, 0};
    const bool waits = ssl_ && SSL_pending(ssl_.get()) > 0;
    if (!waits && ::poll(&wanted, 1, poll_milliseconds) <= 0) return RawSocket::Read::nothing;
    std::array<char, 16 * 1024> buffer;
    const ssize_t size = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                              : ::recv(file_, buffer.data(), buffer.size(), 0);
    if (size <= 0) return RawSocket::Read::closed;
    target->append(buffer.data(), static_cast<std::size_t>(size));
    return RawSocket::Read::some;
  }

  void write(const std::string& bytes) {
    if (bytes.empty()) return;
    if (ssl_) SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (!ssl_) static_cast<void>(::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL));
  }

 private:
  int file_;
  network::SslPointer ssl_;
};

}  // namespace

std::string http_answer(const std::string& status, const std::string& content_type,
                        const std::string& body, const std::string& more_heads) {
  return "HTTP/1.1 " + status + "\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more_heads + "\r\n" + body;
}

HttpProxy::HttpProxy(std::uint16_t server_port, Decide decide,
                     std::unique_ptr<network::TlsServer> tls)
    : server_port_(server_port), decide_(std::move(decide)), tls_(std::move(tls)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const place = reinterpret_cast<sockaddr*>(&address);
  CHECK(::bind(listener_, place, size) == 0 && ::listen(listener_, 64) == 0 &&
            ::getsockname(listener_, place, &size) == 0,
        "loopback has a free port");
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { accept(); });
}

HttpProxy::~HttpProxy() {
  is_over_ = true;
  acceptor_.join();
  for (std::thread& connection : connections_) connection.join();
  ::close(listener_);
}

void HttpProxy::accept() {
  while (!is_over_) {
    pollfd wanted{listener_, POLLIN, 0};
    if (::poll(&wanted, 1, poll_milliseconds) <= 0) continue;
    const int file = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (file >= 0) connections_.emplace_back([this, file] { serve(file); });
  }
}

void HttpProxy::serve(int file) const {
  Downstream device(file, tls_ ? tls_->accept() : nullptr);
  std::string up;
  while (up.find("\r\n\r\n") == std::string::npos) {
    if (is_over_ || device.read(&up) == RawSocket::Read::closed) return;
  }
  if (const std::optional<std::string> answer = decide_(&up)) return device.write(*answer);

  const RawSocket server(server_port_);
  for (RawSocket::Read above = RawSocket::Read::some, below = above;
       !is_over_ && above != RawSocket::Read::closed && below != RawSocket::Read::closed;) {
    if (!up.empty() && !server.send(up)) return;
    up.clear();
    std::string down;
    above = server.read(&down, std::chrono::milliseconds{poll_milliseconds});
    device.write(down);
    below = device.read(&up);
  }
}

}  // namespace e2e
