#pragma once

#include "platform/net/tls_client.h"
#include "platform/net/tls_server.h"
#include "platform/net/transport.h"
#include "tests/e2e/scratch_directory.h"
#include "tools/bench/certificate.h"

#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace network::test {

/// What came of one operation.
struct Outcome {
  bool came = false;
  error_code code;
  std::size_t size = 0;
};

/// The two ends of a connection over loopback, on one thread, which is the test's.
class Loopback {
 public:
  Loopback() {
    using tcp = asio::ip::tcp;
    tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
    client->socket().connect(acceptor.local_endpoint());
    client->tune();
    server.emplace(acceptor.accept());
  }

  asio::io_context context;
  std::optional<Transport> client{std::in_place, context.get_executor()};
  std::optional<Transport> server;

  auto into(Outcome& outcome) {
    return [&outcome](const error_code& code, std::size_t size) { outcome = {true, code, size}; };
  }
  /// Runs until it holds, ten seconds at most; whether it does.
  bool run_until(const std::function<bool()>& holds) {
    return run_until(holds, std::chrono::seconds(10));
  }
  bool run_until(const std::function<bool()>& holds, std::chrono::milliseconds limit) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (!holds() && std::chrono::steady_clock::now() < end) {
      context.restart();
      context.run_one_for(std::chrono::milliseconds(20));
    }
    return holds();
  }

  /// How the handshake ended at the client's end and at the server's.
  std::pair<Outcome, Outcome> shake_hands() {
    Outcome here;
    Outcome there;
    client->async_handshake(into(here));
    server->async_handshake(into(there));
    EXPECT_TRUE(run_until([&] { return here.came && there.came; }));
    return {here, there};
  }
  /// Sends all of it from one end and reads it at the other; what was read.
  std::string carry(Transport& from, Transport& to, const std::string& text) {
    std::string read;
    std::string buffer(64 * 1024, '\0');
    std::size_t sent = 0;
    Outcome writing;
    Outcome reading;
    const auto write_on = [&] {
      writing = {};
      from.async_write_some(asio::buffer(text.data() + sent, text.size() - sent), into(writing));
    };
    const auto read_on = [&] {
      reading = {};
      to.async_read_some(asio::buffer(buffer), into(reading));
    };
    write_on();
    read_on();
    while (read.size() < text.size()) {
      if (!run_until([&] { return reading.came || (writing.came && sent < text.size()); })) break;
      if (writing.came && sent < text.size()) {
        if (writing.code) break;
        sent += writing.size;
        if (sent < text.size()) write_on();
      }
      if (!reading.came) continue;
      if (reading.code) break;
      read.append(buffer, 0, reading.size);
      if (read.size() < text.size()) read_on();
    }
    EXPECT_TRUE(run_until([&] { return writing.came; }));
    return read;
  }
};

/// A server's certificate, and a client that trusts it.
struct Trust {
  explicit Trust(int from_day = -1, int to_day = 30,
                 const char* names = "DNS:localhost,IP:127.0.0.1")
      : made(bench::make_certificate(scratch / "tls", from_day, to_day, names)),
        server(std::move(*TlsServer::open(made.certificate, made.key))),
        client(std::move(*TlsClient::make(made.authority_pem))) {}

  void secure(Loopback& line, const std::string& host = "localhost",
              const std::string& session = "") const {
    line.client->use_tls(client->connect(host, session));
    line.server->use_tls(server->accept());
  }

  e2e::ScratchDirectory scratch;
  bench::Certificate made;
  std::unique_ptr<TlsServer> server;
  std::unique_ptr<TlsClient> client;
};

}  // namespace network::test
