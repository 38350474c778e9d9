#include "clients/device/ws_client.h"

#include "clients/device/connection_fault.h"
#include "clients/device/http_answer.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/limits.h"
#include "events/protocol/upgrade.h"

#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using network::error_code;
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
namespace protocol = events::protocol;
using Milliseconds = std::chrono::milliseconds;
using Clock = network::Transport::Clock;

namespace {

/// Messages taken off the socket and not handed out yet; then reading waits.
constexpr std::size_t waiting_messages_max = 64;

Milliseconds time_of(Clock::time_point point) {
  return std::chrono::duration_cast<Milliseconds>(point.time_since_epoch());
}

}  // namespace

struct WsClient::Socket {
  std::unique_ptr<Connection> connection;
  websocket::stream<network::Transport&> socket;
  boost::beast::flat_buffer incoming;
  std::deque<events::Bytes> waiting;
  bool reading = false;
  std::optional<error_code> broken;
  Liveness liveness;

  Socket(std::unique_ptr<Connection> connected, Liveness::Limits limits)
      : connection(std::move(connected)),
        socket(connection->transport()),
        liveness(limits, time_of(Clock::now())) {}
  ~Socket() { connection->abandon(); }

  /// Upgrades; the greeting goes with it.
  Result<void> greet(const ServerAddress& address, const events::Bytes& greeting,
                     Milliseconds timeout) {
    websocket::stream_base::timeout limits{};
    limits.handshake_timeout = std::chrono::ceil<std::chrono::seconds>(timeout);
    limits.idle_timeout = websocket::stream_base::none();
    limits.keep_alive_pings = false;
    socket.set_option(limits);
    socket.binary(true);
    socket.read_message_max(protocol::message_bytes_max);

    const std::string offered = protocol::offered_subprotocols(greeting);
    socket.set_option(
        websocket::stream_base::decorator([offered](websocket::request_type& request) {
          request.set(http::field::sec_websocket_protocol, offered);
        }));
    websocket::response_type answer;
    const auto shake_hands = [&](auto handler) {
      socket.async_handshake(answer, address.authority(), address.path, handler);
    };
    const error_code code = connection->wait_for(shake_hands, timeout);
    if (code) return refused(code, answer);
    const auto chosen = answer[http::field::sec_websocket_protocol];
    const bool taken =
        chosen == protocol::subprotocol && offered.size() > protocol::subprotocol.size();
    return taken ? Result<void>{} : write(greeting, timeout);
  }

  /// Why there is no WebSocket, and whether another way may be open.
  static Result<void> refused(const error_code& code, const websocket::response_type& answer) {
    if (code == asio::error::timed_out || code == boost::beast::error::timeout) {
      return Error{ErrorCode::timed_out, "WebSocket: no answer"};
    }
    if (code == websocket::error::upgrade_declined) {
      return wrong_answer({.status = answer.result_int(),
                           .content_type = std::string(answer[http::field::content_type]),
                           .location = std::string(answer[http::field::location])});
    }
    return fault_error(ConnectionFault::upgrade_cut, code.message());
  }

  void read_on() {
    if (reading || broken || waiting.size() >= waiting_messages_max) return;
    reading = true;
    connection->begin();
    socket.async_read(incoming, [this](const error_code& code, std::size_t) {
      reading = false;
      connection->end();
      if (code) {
        broken = code;
        return;
      }
      const auto* data = static_cast<const std::uint8_t*>(incoming.data().data());
      waiting.emplace_back(data, data + incoming.size());
      incoming.consume(incoming.size());
      read_on();
    });
  }

  Result<void> write(const events::Bytes& message, Milliseconds timeout) {
    const error_code code = connection->wait_for(
        [&](auto handler) { socket.async_write(asio::buffer(message), handler); }, timeout);
    if (code == asio::error::timed_out) {
      return Error{ErrorCode::timed_out, "the server takes nothing in"};
    }
    if (code) return Error{ErrorCode::closed, "sending: " + code.message()};
    return {};
  }

  Result<void> watch_life() {
    const Milliseconds heard = time_of(connection->transport().heard_at());
    switch (liveness.step(time_of(Clock::now()), heard)) {
      case Liveness::Step::wait:
        break;
      case Liveness::Step::ping:
        connection->begin();
        socket.async_ping({}, [this](const error_code&) { connection->end(); });
        break;
      case Liveness::Step::dead:
        connection->abandon();
        return Error{ErrorCode::timed_out, "the server gives no sign of life"};
    }
    return {};
  }
};

WsClient::WsClient(std::unique_ptr<Socket> socket) : socket_(std::move(socket)) {}

WsClient::~WsClient() = default;

Result<std::unique_ptr<WsClient>> WsClient::connect(const ServerAddress& address,
                                                    const ConnectionOptions& options,
                                                    const Greeter& greeter, Milliseconds timeout,
                                                    Liveness::Limits liveness) {
  Result<std::unique_ptr<Connection>> connection = Connection::connect(address, options, timeout);
  if (!connection) return connection.error();
  const Result<protocol::Message> greeting = greeter((*connection)->binding());
  if (!greeting) return greeting.error();
  auto socket = std::make_unique<Socket>(std::move(*connection), liveness);
  const events::Bytes frame = protocol::encode_frame(*greeting);
  if (Result<void> done = socket->greet(address, frame, timeout); !done) return done.error();
  socket->read_on();
  return std::unique_ptr<WsClient>(new WsClient(std::move(socket)));
}

/// The server takes whole messages only: in small ones its answers come while the rest is under
/// way, and a cut costs one of them.  A quarter of a second on a line of 64 kbit/s.
constexpr std::size_t lot_bytes = 2 * 1024;

Result<void> WsClient::send(std::span<const protocol::Message> frames, Milliseconds timeout) {
  events::Bytes message;
  for (const protocol::Message& frame : frames) {
    const events::Bytes encoded = protocol::encode_frame(frame);
    if (!message.empty() && message.size() + encoded.size() > lot_bytes) {
      if (Result<void> done = socket_->write(message, timeout); !done) return done;
      message.clear();
    }
    events::append_bytes(message, encoded);
  }
  if (message.empty()) return {};
  return socket_->write(message, timeout);
}

Result<std::optional<std::vector<protocol::Message>>> WsClient::receive(Milliseconds timeout) {
  Socket& client = *socket_;
  client.read_on();
  client.connection->run_until([&] { return !client.waiting.empty() || client.broken; }, timeout);
  if (!client.waiting.empty()) {
    const events::Bytes message = std::move(client.waiting.front());
    client.waiting.pop_front();
    Result<std::vector<protocol::Message>> frames = protocol::read_frames(message);
    if (!frames) return frames.error();
    return std::optional<std::vector<protocol::Message>>{std::move(*frames)};
  }
  if (client.broken) {
    const bool is_endless = *client.broken == websocket::error::message_too_big ||
                            *client.broken == websocket::error::buffer_overflow;
    return Error{is_endless ? ErrorCode::malformed : ErrorCode::closed,
                 "receiving: " + client.broken->message()};
  }
  if (Result<void> alive = client.watch_life(); !alive) return alive.error();
  return std::optional<std::vector<protocol::Message>>{};
}

void WsClient::close() {
  Socket& client = *socket_;
  if (client.broken) return;
  const auto say_goodbye = [&](auto handler) {
    client.socket.async_close(websocket::close_code::normal, handler);
  };
  // The goodbye is on its way; nobody waits a round trip for its echo.
  client.connection->wait_for(say_goodbye, std::chrono::milliseconds(100));
  client.connection->abandon();
}

std::uint64_t WsClient::bytes_sent() const {
  return socket_->connection->transport().bytes_written();
}
std::uint64_t WsClient::bytes_received() const {
  return socket_->connection->transport().bytes_read();
}
const std::string& WsClient::ticket() const { return socket_->connection->ticket(); }
Milliseconds WsClient::ping_interval() const { return socket_->liveness.interval(); }

}  // namespace clients
