#include "tests/e2e/tls_socket.h"

#include <boost/asio/buffer.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace e2e {

TlsSocket::TlsSocket(std::uint16_t port, const std::string& authorities) {
  auto client = network::TlsClient::make(authorities);
  if (!client) {
    is_broken_ = true;
    return;
  }
  client_ = std::move(*client);
  network::error_code failed;
  stream_.socket().connect({boost::asio::ip::address_v4::loopback(), port}, failed);
  stream_.tune();
  stream_.use_tls(client_->connect("127.0.0.1", ""));
  stream_.expires_after(std::chrono::seconds(20));
  wait_for([this](auto done) { stream_.async_handshake(std::move(done)); });
  EXPECT_FALSE(is_broken_) << stream_.tls_problem();
}

std::size_t TlsSocket::wait_for(const Begin& begin) {
  if (is_broken_) return 0;
  bool is_done = false;
  std::size_t moved = 0;
  begin([&](network::error_code code, std::size_t size) {
    is_done = true;
    is_broken_ = is_broken_ || code.failed();
    moved = code ? 0 : size;
  });
  while (!is_done) context_.run_one();
  return moved;
}

bool TlsSocket::send(std::string_view bytes) {
  while (!bytes.empty() && !is_broken_) {
    const std::size_t sent = wait_for([&](auto done) {
      stream_.async_write_some(boost::asio::buffer(bytes.data(), bytes.size()), std::move(done));
    });
    bytes.remove_prefix(sent);
  }
  return !is_broken_;
}

std::string TlsSocket::read_to_end() {
  std::string bytes;
  std::string buffer(16 * 1024, '\0');
  while (!is_broken_) {
    const std::size_t read = wait_for(
        [&](auto done) { stream_.async_read_some(boost::asio::buffer(buffer), std::move(done)); });
    bytes.append(buffer, 0, read);
  }
  return bytes;
}

}  // namespace e2e
