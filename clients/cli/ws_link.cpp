#include "clients/cli/ws_link.h"

#include "events/protocol/frame_codec.h"
#include "events/protocol/limits.h"
#include "events/protocol/upgrade.h"

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
namespace protocol = events::protocol;
using Milliseconds = std::chrono::milliseconds;
using boost::system::error_code;

namespace {

/// Messages taken off the socket and not handed out yet; then reading waits.
constexpr std::size_t waiting_messages_max = 64;
constexpr std::chrono::seconds idle_timeout{60};

}  // namespace

Result<ServerAddress> ServerAddress::parse(std::string_view url) {
  const Error wrong{ErrorCode::invalid_argument,
                    "Địa chỉ máy chủ phải có dạng ws://tên-máy:cổng, ví dụ ws://127.0.0.1:8470."};
  constexpr std::string_view scheme = "ws://";
  if (!url.starts_with(scheme)) return wrong;
  url.remove_prefix(scheme.size());
  ServerAddress address;
  if (const std::size_t slash = url.find('/'); slash != std::string_view::npos) {
    if (url.substr(slash) != "/") address.path = url.substr(slash);
    url = url.substr(0, slash);
  }
  if (const std::size_t colon = url.rfind(':'); colon != std::string_view::npos) {
    address.port = url.substr(colon + 1);
    url = url.substr(0, colon);
  }
  address.host = url;
  const bool digits = address.port.find_first_not_of("0123456789") == std::string::npos;
  if (address.host.empty() || address.port.empty() || address.port.size() > 5 || !digits) {
    return wrong;
  }
  return address;
}

struct WsLink::Connection {
  asio::io_context context{1};
  asio::ip::tcp::resolver resolver{context};
  websocket::stream<asio::ip::tcp::socket> socket{context};
  boost::beast::flat_buffer incoming;
  std::deque<events::Bytes> waiting;
  bool reading = false;
  int under_way = 0;  ///< Operations whose handler has not run yet.
  std::optional<error_code> broken;
  std::uint64_t sent = 0;
  std::uint64_t received = 0;

  /// Runs handlers until `done` or the time is up.
  template <class Done>
  bool run_until(Done done, Milliseconds timeout) {
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    context.restart();
    while (!done()) {
      if (context.run_one_until(deadline) == 0) break;
    }
    return done();
  }

  /// Starts one step of connecting and waits for it.
  template <class Start>
  Result<void> step(const char* what, Start start, Milliseconds timeout) {
    std::optional<error_code> result;
    ++under_way;
    start([this, &result](const error_code& code, const auto&...) {
      --under_way;
      result = code;
    });
    if (!run_until([&] { return result.has_value(); }, timeout)) {
      abandon();
      return Error{ErrorCode::timed_out, std::string(what) + ": no answer"};
    }
    if (*result) return Error{ErrorCode::io_failed, std::string(what) + ": " + result->message()};
    return {};
  }

  /// Closes the socket and lets every handler end, so that none outlives what it refers to.  Not
  /// until the context has nothing to do: the WebSocket's own timer runs on for seconds.
  void abandon() {
    error_code ignored;
    resolver.cancel();
    boost::beast::get_lowest_layer(socket).close(ignored);
    run_until([this] { return under_way == 0; }, std::chrono::seconds(1));
  }

  void read_on() {
    if (reading || broken || waiting.size() >= waiting_messages_max) return;
    reading = true;
    ++under_way;
    socket.async_read(incoming, [this](const error_code& code, std::size_t size) {
      reading = false;
      --under_way;
      if (code) {
        broken = code;
        return;
      }
      received += size;
      const auto* data = static_cast<const std::uint8_t*>(incoming.data().data());
      waiting.emplace_back(data, data + incoming.size());
      incoming.consume(incoming.size());
      read_on();
    });
  }

  Result<void> write(const events::Bytes& message, Milliseconds timeout) {
    std::optional<error_code> result;
    ++under_way;
    socket.async_write(asio::buffer(message), [this, &result](const error_code& code, std::size_t) {
      --under_way;
      result = code;
    });
    if (!run_until([&] { return result.has_value(); }, timeout)) {
      abandon();
      return Error{ErrorCode::timed_out, "the server takes nothing in"};
    }
    if (*result) return Error{ErrorCode::closed, "sending: " + result->message()};
    sent += message.size();
    return {};
  }
};

WsLink::WsLink(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}

WsLink::~WsLink() {
  if (connection_) connection_->abandon();
}

Result<std::unique_ptr<WsLink>> WsLink::connect(const ServerAddress& address,
                                                const protocol::Message& greeting,
                                                Milliseconds timeout) {
  auto connection = std::make_unique<Connection>();
  Connection& link = *connection;

  asio::ip::tcp::resolver::results_type endpoints;
  const auto resolve = [&](auto handler) {
    link.resolver.async_resolve(address.host, address.port,
                                [&endpoints, handler](const error_code& code, auto results) {
                                  endpoints = std::move(results);
                                  handler(code);
                                });
  };
  if (auto done = link.step("resolving the name", resolve, timeout); !done) return done.error();

  const auto connect_socket = [&](auto handler) {
    asio::async_connect(boost::beast::get_lowest_layer(link.socket), endpoints, handler);
  };
  if (auto done = link.step("connecting", connect_socket, timeout); !done) return done.error();

  error_code ignored;
  boost::beast::get_lowest_layer(link.socket).set_option(asio::ip::tcp::no_delay(true), ignored);
  websocket::stream_base::timeout limits{};
  limits.handshake_timeout = std::chrono::ceil<std::chrono::seconds>(timeout);
  limits.idle_timeout = idle_timeout;
  limits.keep_alive_pings = true;
  link.socket.set_option(limits);
  link.socket.binary(true);
  link.socket.read_message_max(protocol::message_bytes_max);

  const events::Bytes frame = protocol::encode_frame(greeting);
  const std::string offered = protocol::offered_subprotocols(frame);
  link.socket.set_option(
      websocket::stream_base::decorator([offered](websocket::request_type& request) {
        request.set(http::field::sec_websocket_protocol, offered);
      }));
  websocket::response_type answer;
  const auto shake_hands = [&](auto handler) {
    link.socket.async_handshake(answer, address.host + ":" + address.port, address.path, handler);
  };
  if (auto done = link.step("WebSocket", shake_hands, timeout); !done) return done.error();
  const auto chosen = answer[http::field::sec_websocket_protocol];
  const bool taken =
      chosen == protocol::subprotocol && offered.size() > protocol::subprotocol.size();
  if (taken) {
    link.sent += frame.size();
  } else if (Result<void> done = link.write(frame, timeout); !done) {
    return done.error();
  }
  link.read_on();
  return std::unique_ptr<WsLink>(new WsLink(std::move(connection)));
}

Result<void> WsLink::send(std::span<const protocol::Message> frames, Milliseconds timeout) {
  events::Bytes message;
  for (const protocol::Message& frame : frames) {
    const events::Bytes encoded = protocol::encode_frame(frame);
    if (!message.empty() && message.size() + encoded.size() > protocol::message_bytes_max) {
      if (Result<void> done = connection_->write(message, timeout); !done) return done;
      message.clear();
    }
    events::append_bytes(message, encoded);
  }
  if (message.empty()) return {};
  return connection_->write(message, timeout);
}

Result<std::optional<std::vector<protocol::Message>>> WsLink::receive(Milliseconds timeout) {
  Connection& link = *connection_;
  link.read_on();
  link.run_until([&] { return !link.waiting.empty() || link.broken; }, timeout);
  if (!link.waiting.empty()) {
    const events::Bytes message = std::move(link.waiting.front());
    link.waiting.pop_front();
    Result<std::vector<protocol::Message>> frames = protocol::read_frames(message);
    if (!frames) return frames.error();
    return std::optional<std::vector<protocol::Message>>{std::move(*frames)};
  }
  if (link.broken) return Error{ErrorCode::closed, "receiving: " + link.broken->message()};
  return std::optional<std::vector<protocol::Message>>{};
}

void WsLink::close() {
  Connection& link = *connection_;
  if (link.broken) return;
  bool closed = false;
  ++link.under_way;
  link.socket.async_close(websocket::close_code::normal, [&](const error_code&) {
    --link.under_way;
    closed = true;
  });
  link.run_until([&] { return closed; }, std::chrono::seconds(2));
  link.abandon();
}

std::uint64_t WsLink::bytes_sent() const { return connection_->sent; }
std::uint64_t WsLink::bytes_received() const { return connection_->received; }

}  // namespace clients
