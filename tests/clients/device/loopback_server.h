#pragma once

#include "clients/device/server_address.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <sys/socket.h>

#include <functional>
#include <string>
#include <thread>
#include <utility>

namespace clients_test {

/// Somebody who answers on a port of this machine, one connection behind the other, in a thread of
/// its own, each as `serve` says.
///
/// Thread: `serve` runs in the server's; what it writes may be read after finish().
class LoopbackServer {
 public:
  using Socket = boost::asio::ip::tcp::socket;
  using Serve = std::function<void(Socket&)>;

  explicit LoopbackServer(Serve serve)
      : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
        serve_(std::move(serve)),
        thread_([this] { run(); }) {}
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;
  ~LoopbackServer() { finish(); }

  clients::ServerAddress address() const {
    const std::string port = std::to_string(acceptor_.local_endpoint().port());
    return *clients::ServerAddress::parse("ws://127.0.0.1:" + port + "/s");
  }
  /// Takes no more connections and waits for the end of the one that is served.
  /// Expects: its client is closed, or `serve` ends by itself.
  void finish() {
    if (!thread_.joinable()) return;
    // Closing alone would leave the thread in accept().
    ::shutdown(acceptor_.native_handle(), SHUT_RDWR);
    thread_.join();
  }

 private:
  void run() {
    for (;;) {
      boost::system::error_code wrong;
      Socket socket(context_);
      acceptor_.accept(socket, wrong);
      if (wrong) return;
      serve_(socket);
    }
  }

  boost::asio::io_context context_{1};
  boost::asio::ip::tcp::acceptor acceptor_;
  Serve serve_;
  std::thread thread_;
};

}  // namespace clients_test
