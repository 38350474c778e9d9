#include "tests/e2e/hostile_server.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"
#include "platform/clock.h"
#include "platform/net/tls_server.h"
#include "platform/net/transport.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace e2e {

namespace protocol = events::protocol;
namespace net = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
using tcp = net::ip::tcp;

namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);

}  // namespace

struct HostileServer::Parts {
  Script script;
  std::unique_ptr<network::TlsServer> tls;
  net::io_context context{1};
  tcp::acceptor acceptor{context, tcp::endpoint(net::ip::address_v4::loopback(), 0)};
  std::thread thread;
  mutable std::mutex mutex;
  std::vector<protocol::Message> heard;

  net::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(no_throw);
      if (error) co_return;
      net::co_spawn(context, serve(std::move(socket)), net::detached);
    }
  }

  net::awaitable<void> serve(tcp::socket socket) {
    network::Transport transport(std::move(socket));
    if (tls) {
      transport.use_tls(tls->accept());
      const auto [error, size] = co_await transport.async_handshake(no_throw);
      if (error) co_return;
    }
    const auto binding = transport.binding();
    boost::beast::flat_buffer head;
    http::request<http::empty_body> upgrade;
    const auto [read_error, read] = co_await http::async_read(transport, head, upgrade, no_throw);
    if (read_error) co_return;

    websocket::stream<network::Transport> stream(std::move(transport));
    stream.set_option(websocket::stream_base::decorator([](websocket::response_type& answer) {
      answer.set(http::field::sec_websocket_protocol, protocol::subprotocol);
    }));
    const auto [accept_error] = co_await stream.async_accept(upgrade, no_throw);
    if (accept_error) co_return;
    stream.binary(true);
    const auto offered = upgrade[http::field::sec_websocket_protocol];
    const auto greeting = protocol::greeting_in({offered.data(), offered.size()});
    events::Bytes message = greeting && *greeting ? **greeting : events::Bytes{};
    boost::beast::flat_buffer buffer;
    for (;;) {
      const events::Bytes answer = answer_to(message, binding);
      if (!answer.empty()) {
        const auto [error, size] = co_await stream.async_write(net::buffer(answer), no_throw);
        if (error) co_return;
      }
      const auto [error, size] = co_await stream.async_read(buffer, no_throw);
      if (error) co_return;
      const auto* const data = static_cast<const std::uint8_t*>(buffer.data().data());
      message.assign(data, data + buffer.size());
      buffer.consume(buffer.size());
    }
  }

  events::Bytes answer_to(const events::Bytes& message,
                          const std::optional<protocol::ChannelBinding>& binding) {
    events::Bytes answer;
    const auto frames = protocol::read_frames(message);
    if (!frames) return answer;
    for (const protocol::Message& frame : *frames) {
      {
        const std::scoped_lock lock(mutex);
        heard.push_back(frame);
      }
      for (const protocol::Message& said : script({frame, binding})) {
        protocol::append_frame(answer, said);
      }
    }
    return answer;
  }
};

HostileServer::HostileServer(Script script, const std::optional<bench::Certificate>& certificate)
    : parts_(std::make_unique<Parts>()) {
  parts_->script = std::move(script);
  if (certificate) {
    parts_->tls = network::TlsServer::open(certificate->certificate, certificate->key).value();
  }
  net::co_spawn(parts_->context, parts_->accept(), net::detached);
  parts_->thread = std::thread([parts = parts_.get()] { parts->context.run(); });
}

HostileServer::~HostileServer() {
  parts_->context.stop();
  parts_->thread.join();
}

std::string HostileServer::url() const {
  return std::string(parts_->tls ? "wss" : "ws") +
         "://127.0.0.1:" + std::to_string(parts_->acceptor.local_endpoint().port());
}

std::vector<protocol::Message> HostileServer::heard() const {
  const std::scoped_lock lock(parts_->mutex);
  return parts_->heard;
}

protocol::Welcome plausible_welcome(const protocol::Hello& hello) {
  protocol::Welcome welcome;
  welcome.session = 1;
  welcome.server_time = platform::now();
  welcome.log = hello.log;
  welcome.epoch = hello.cursor.epoch;
  welcome.head = hello.cursor.position;
  welcome.accepted_seq = hello.head_seq;
  welcome.accepted_hash = hello.head_hash;
  welcome.rules = hello.rules;
  return welcome;
}

}  // namespace e2e
