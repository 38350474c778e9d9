#include "tests/e2e/raw_socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace e2e {
namespace {

constexpr std::chrono::milliseconds send_limit{20'000};

/// Whether `events` come up on the socket within `limit`.
bool wait_for(int file, short events, std::chrono::milliseconds limit) {
  pollfd wanted{file, events, 0};
  return ::poll(&wanted, 1, static_cast<int>(limit.count())) > 0;
}

}  // namespace

RawSocket::RawSocket(std::uint16_t port, const char* from) {
  file_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  sockaddr_in own{};
  own.sin_family = AF_INET;
  ::inet_pton(AF_INET, from, &own.sin_addr);
  ::bind(file_, reinterpret_cast<const sockaddr*>(&own), sizeof own);
  if (::connect(file_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) cut();
  const int on = 1;
  if (is_connected()) ::setsockopt(file_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

RawSocket::~RawSocket() { cut(); }

void RawSocket::cut() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
}

bool RawSocket::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    if (file_ < 0 || !wait_for(file_, POLLOUT, send_limit)) return false;
    const ssize_t sent = ::send(file_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

RawSocket::Read RawSocket::read(std::string* target, std::chrono::milliseconds limit) const {
  if (file_ < 0) return Read::closed;
  if (!wait_for(file_, POLLIN, limit)) return Read::nothing;
  std::array<char, 16 * 1024> buffer;
  const ssize_t size = ::recv(file_, buffer.data(), buffer.size(), 0);
  if (size <= 0) return Read::closed;
  target->append(buffer.data(), static_cast<std::size_t>(size));
  return Read::some;
}

std::string RawSocket::read_to_end(std::chrono::milliseconds limit, bool* closed) const {
  const auto end = std::chrono::steady_clock::now() + limit;
  std::string bytes;
  Read last = Read::some;
  while (last != Read::closed && std::chrono::steady_clock::now() < end) {
    last = read(&bytes, std::chrono::milliseconds{50});
  }
  if (closed != nullptr) *closed = last == Read::closed;
  return bytes;
}

int http_status(std::uint16_t port, const std::string& target) {
  const RawSocket socket(port);
  socket.send("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
  const std::string answer = socket.read_to_end(std::chrono::seconds{20});
  constexpr std::string_view start = "HTTP/1.1 ";
  return answer.starts_with(start) ? std::atoi(answer.c_str() + start.size()) : 0;
}

}  // namespace e2e
