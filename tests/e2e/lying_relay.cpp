#include "tests/e2e/lying_relay.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"

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

/// A device on one side, the server on the other.
struct RelayedLine {
  RelayedLine(tcp::socket accepted, net::io_context& context)
      : device(std::move(accepted)), server(context) {}

  /// What one side cannot have any more, the other is not told.
  void close() {
    boost::system::error_code ignored;
    device.next_layer().close(ignored);
    server.next_layer().close(ignored);
  }

  void note_greeting(events::ByteView message) {
    const auto frames = protocol::read_frames(message);
    if (!frames) return;
    for (const protocol::Message& frame : *frames) {
      if (const auto* const greeting = std::get_if<protocol::Hello>(&frame)) hello = *greeting;
    }
  }

  websocket::stream<tcp::socket> device;
  websocket::stream<tcp::socket> server;
  protocol::Hello hello;
};

events::ByteView bytes_in(const boost::beast::flat_buffer& buffer) {
  return {static_cast<const std::uint8_t*>(buffer.data().data()), buffer.size()};
}

/// The frames of a message as `mouth` says them; without one as they came.
events::Bytes told_by(const LyingRelay::Mouth& mouth, events::ByteView message) {
  events::Bytes told;
  const auto frames = protocol::read_frames(message);
  if (!mouth || !frames) return events::Bytes(message.begin(), message.end());
  for (const protocol::Message& frame : *frames) protocol::append_frame(told, mouth(frame));
  return told;
}

net::awaitable<void> pass_on_to_server(std::shared_ptr<RelayedLine> line,
                                       const LyingRelay::Mouth& mouth) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    const auto [read_error, read] = co_await line->device.async_read(buffer, no_throw);
    if (read_error) break;
    line->note_greeting(bytes_in(buffer));
    const events::Bytes told = told_by(mouth, bytes_in(buffer));
    buffer.consume(buffer.size());
    const auto [error, size] = co_await line->server.async_write(net::buffer(told), no_throw);
    if (error) break;
  }
  line->close();
}

net::awaitable<void> lie_to_device(std::shared_ptr<RelayedLine> line, const LyingRelay::Lie& lie) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    const auto [read_error, read] = co_await line->server.async_read(buffer, no_throw);
    if (read_error) break;
    const auto frames = protocol::read_frames(bytes_in(buffer));
    if (!frames) break;
    events::Bytes told;
    for (const protocol::Message& frame : *frames) {
      for (const protocol::Message& said : lie(line->hello, frame)) {
        protocol::append_frame(told, said);
      }
    }
    buffer.consume(buffer.size());
    if (told.empty()) continue;
    const auto [error, size] = co_await line->device.async_write(net::buffer(told), no_throw);
    if (error) break;
  }
  line->close();
}

}  // namespace

struct LyingRelay::Parts {
  tcp::endpoint server;
  Lie lie;
  Mouth mouth;
  net::io_context context{1};
  tcp::acceptor acceptor{context, tcp::endpoint(net::ip::address_v4::loopback(), 0)};
  std::thread thread;

  net::awaitable<void> accept() {
    for (;;) {
      auto [error, socket] = co_await acceptor.async_accept(no_throw);
      if (error) co_return;
      net::co_spawn(context, serve(std::move(socket)), net::detached);
    }
  }

  net::awaitable<void> serve(tcp::socket socket) {
    boost::beast::flat_buffer head;
    http::request<http::empty_body> upgrade;
    const auto [read_error, read] = co_await http::async_read(socket, head, upgrade, no_throw);
    if (read_error) co_return;
    const auto line = std::make_shared<RelayedLine>(std::move(socket), context);
    const std::string offered(upgrade[http::field::sec_websocket_protocol]);
    if (const auto greeting = protocol::greeting_in(offered); greeting && *greeting) {
      line->note_greeting(**greeting);
    }

    const auto [connect_error] = co_await line->server.next_layer().async_connect(server, no_throw);
    if (connect_error) co_return;
    line->server.set_option(
        websocket::stream_base::decorator([offered](websocket::request_type& request) {
          request.set(http::field::sec_websocket_protocol, offered);
        }));
    const std::string host = "127.0.0.1:" + std::to_string(server.port());
    const std::string target(upgrade.target());
    const auto [shake_error] = co_await line->server.async_handshake(host, target, no_throw);
    if (shake_error) co_return;
    line->device.set_option(websocket::stream_base::decorator([](websocket::response_type& answer) {
      answer.set(http::field::sec_websocket_protocol, protocol::subprotocol);
    }));
    const auto [accept_error] = co_await line->device.async_accept(upgrade, no_throw);
    if (accept_error) co_return;
    line->device.binary(true);
    line->server.binary(true);
    net::co_spawn(context, pass_on_to_server(line, mouth), net::detached);
    co_await lie_to_device(line, lie);
  }
};

LyingRelay::LyingRelay(std::uint16_t server_port, Lie lie, Mouth mouth)
    : parts_(std::make_unique<Parts>()) {
  parts_->server = tcp::endpoint(net::ip::address_v4::loopback(), server_port);
  parts_->lie = std::move(lie);
  parts_->mouth = std::move(mouth);
  net::co_spawn(parts_->context, parts_->accept(), net::detached);
  parts_->thread = std::thread([parts = parts_.get()] { parts->context.run(); });
}

LyingRelay::~LyingRelay() {
  parts_->context.stop();
  parts_->thread.join();
}

std::string LyingRelay::url() const {
  return "ws://127.0.0.1:" + std::to_string(parts_->acceptor.local_endpoint().port());
}

}  // namespace e2e
