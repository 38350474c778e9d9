#include "clients/device/ws_client.h"

#include "clients/device/connection_fault.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/limits.h"
#include "events/protocol/upgrade.h"
#include "tests/clients/device/loopback_server.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/websocket.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
namespace websocket = boost::beast::websocket;
namespace protocol = events::protocol;
using clients::ConnectionFault;
using clients::WsClient;
using events::Bytes;
using events::ErrorCode;
using events::Result;
using std::chrono::milliseconds;
using Messages = std::vector<protocol::Message>;

constexpr milliseconds patience{10'000};

/// The server's end of a WebSocket.
struct ServerEnd {
  websocket::stream<LoopbackServer::Socket&> stream;
  std::string offered;  ///< Sec-WebSocket-Protocol of the upgrade.

  explicit ServerEnd(LoopbackServer::Socket& socket) : stream(socket) {}

  /// `taken`: the greeting in the upgrade is heard.
  bool accept(bool taken) {
    beast::flat_buffer buffer;
    http::request<http::string_body> request;
    beast::error_code wrong;
    http::read(stream.next_layer(), buffer, request, wrong);
    if (wrong) return false;
    offered = std::string(request[http::field::sec_websocket_protocol]);
    stream.set_option(websocket::stream_base::decorator([taken](websocket::response_type& answer) {
      const std::string_view chosen = protocol::subprotocol;
      if (taken) answer.set(http::field::sec_websocket_protocol, chosen);
    }));
    stream.binary(true);
    stream.accept(request, wrong);
    return !wrong;
  }
  /// The next message; nothing when the connection ends.
  std::optional<Bytes> next() {
    beast::flat_buffer buffer;
    beast::error_code wrong;
    stream.read(buffer, wrong);
    if (wrong) return std::nullopt;
    const auto* const data = static_cast<const std::uint8_t*>(buffer.data().data());
    return Bytes(data, data + buffer.size());
  }
  void write(const Bytes& message) {
    beast::error_code ignored;
    stream.write(asio::buffer(message), ignored);
  }
};

/// A server that takes the greeting with the upgrade and goes on as `talk` says.
LoopbackServer::Serve upgrades_and(std::function<void(ServerEnd&)> talk) {
  return [talk = std::move(talk)](LoopbackServer::Socket& socket) {
    ServerEnd end(socket);
    if (end.accept(true)) talk(end);
  };
}

Result<protocol::Message> hello(const std::optional<protocol::ChannelBinding>& /*binding*/) {
  return protocol::Message(protocol::Hello{});
}

Result<std::unique_ptr<WsClient>> try_to_connect(const LoopbackServer& server,
                                                 milliseconds timeout = patience) {
  return WsClient::connect(server.address(), {}, hello, timeout);
}

std::unique_ptr<WsClient> connected(const LoopbackServer& server) {
  auto client = try_to_connect(server);
  EXPECT_TRUE(client) << client.error().message;
  return client ? std::move(*client) : nullptr;
}

Bytes frame_of(std::uint64_t seq) { return protocol::encode_frame(protocol::PushAck{seq, {}}); }

const Messages an_ack{protocol::PushAck{1, {}}};

/// The number in the only frame of the next message; 0: it is something else.
std::uint64_t next_seq(WsClient& client) {
  const auto frames = client.receive(patience);
  if (!frames || !*frames || (*frames)->size() != 1) return 0;
  const auto* const ack = std::get_if<protocol::PushAck>(&(*frames)->front());
  return ack == nullptr ? 0 : ack->upto_seq;
}

// On a satellite line a greeting of its own costs more than a second, each time.
TEST(WsClient, TheGreetingTravelsWithTheUpgrade) {
  std::string offered;
  std::vector<Bytes> messages;
  LoopbackServer server(upgrades_and([&](ServerEnd& end) {
    offered = end.offered;
    while (auto message = end.next()) messages.push_back(std::move(*message));
  }));
  std::uint64_t sent = 0;
  {
    const auto client = connected(server);
    ASSERT_TRUE(client->send(an_ack, patience));
    sent = client->bytes_sent();
    client->close();
  }
  server.finish();
  EXPECT_GT(sent, offered.size());
  EXPECT_EQ(*protocol::greeting_in(offered), protocol::encode_frame(protocol::Hello{}));
  EXPECT_EQ(messages, std::vector<Bytes>{frame_of(1)}) << "the greeting does not come twice";
}

// A proxy that takes header lines out must not leave both ends waiting for each other.
TEST(WsClient, WhereTheGreetingWasTakenOutItIsTheFirstMessage) {
  std::vector<Bytes> messages;
  LoopbackServer server([&](LoopbackServer::Socket& socket) {
    ServerEnd end(socket);
    if (!end.accept(false)) return;
    while (auto message = end.next()) messages.push_back(std::move(*message));
  });
  connected(server)->close();
  server.finish();
  EXPECT_EQ(messages, std::vector<Bytes>{protocol::encode_frame(protocol::Hello{})});
}

// Without a PIN there is no greeting: the server must not be troubled, and the officer told why.
TEST(WsClient, WhatKeepsTheGreetingFromBeingMadeIsSaid) {
  bool asked = false;
  LoopbackServer server(
      [&](LoopbackServer::Socket& socket) { asked = ServerEnd(socket).accept(true); });
  const auto locked = [](const auto&) {
    return Result<protocol::Message>(events::Error{ErrorCode::locked, "locked"});
  };
  EXPECT_EQ(WsClient::connect(server.address(), {}, locked, patience).error().code,
            ErrorCode::locked);
  server.finish();
  EXPECT_FALSE(asked);
}

// What to do next, log in, go by HTTP or just try again, depends on who answered and how.
TEST(WsClient, SaysWhatAnsweredInsteadOfAWebSocket) {
  const auto error_after = [](const std::string& answer) {
    LoopbackServer server([&](LoopbackServer::Socket& socket) {
      std::string request;
      boost::system::error_code wrong;
      asio::read_until(socket, asio::dynamic_buffer(request), "\r\n\r\n", wrong);
      asio::write(socket, asio::buffer(answer), wrong);
    });
    const auto client = try_to_connect(server);
    return client ? std::nullopt : clients::fault_of(client.error());
  };
  EXPECT_EQ(error_after("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 0\r\n\r\n"),
            ConnectionFault::captive_portal);
  EXPECT_EQ(error_after("HTTP/1.1 307 Go\r\nLocation: http://login.example/\r\n\r\n"),
            ConnectionFault::captive_portal);
  EXPECT_EQ(error_after("HTTP/1.1 426 Upgrade\r\nContent-Length: 0\r\n\r\n"),
            ConnectionFault::no_web_socket);
  EXPECT_EQ(error_after(""), ConnectionFault::upgrade_cut);
}

TEST(WsClient, WaitsForTheUpgradeNoLongerThanItWasTold) {
  LoopbackServer server([](LoopbackServer::Socket& socket) {
    std::string request;
    boost::system::error_code wrong;
    asio::read_until(socket, asio::dynamic_buffer(request), "never", wrong);
  });
  EXPECT_EQ(try_to_connect(server, milliseconds{150}).error().code, ErrorCode::timed_out);
}

// In one message of 60 KB a cut on a village line costs all of it; in one for each frame, the heads
// alone.
TEST(WsClient, SendsShortFramesTogetherAndALongOneAlone) {
  std::vector<Bytes> messages;
  LoopbackServer server(upgrades_and([&](ServerEnd& end) {
    while (auto message = end.next()) messages.push_back(std::move(*message));
  }));
  const auto push = [](std::size_t bytes) {
    return protocol::Message(protocol::Push{events::Timestamp{1}, Bytes(bytes, 9)});
  };
  const Messages frames{push(700), push(700), push(700), push(9'000), push(10)};
  {
    const auto client = connected(server);
    ASSERT_TRUE(client->send({}, patience));
    ASSERT_TRUE(client->send(frames, patience));
    client->close();
  }
  server.finish();
  std::vector<std::size_t> counts;
  Bytes sent;
  for (const Bytes& message : messages) {
    counts.push_back(protocol::read_frames(message)->size());
    events::append_bytes(sent, message);
  }
  EXPECT_EQ(counts, (std::vector<std::size_t>{2, 1, 1, 1}));
  Bytes whole;
  for (const protocol::Message& frame : frames) protocol::append_frame(whole, frame);
  EXPECT_EQ(sent, whole);
}

// Silence is no fault; and nothing that came is lost or turned around, however late it is read.
TEST(WsClient, HandsOutEveryMessageInOrder) {
  constexpr std::uint64_t count = 150;  // More than it takes off the socket at once.
  std::promise<void> written;
  LoopbackServer server(upgrades_and([&](ServerEnd& end) {
    if (!end.next()) return;
    for (std::uint64_t seq = 1; seq <= count; ++seq) end.write(frame_of(seq));
    written.set_value();
    while (end.next()) {
    }
  }));
  const auto client = connected(server);
  const auto nothing = client->receive(milliseconds{50});
  ASSERT_TRUE(nothing) << nothing.error().message;
  EXPECT_FALSE(*nothing);
  ASSERT_TRUE(client->send(an_ack, patience));
  ASSERT_EQ(written.get_future().wait_for(patience), std::future_status::ready);
  // What comes while something is sent waits its turn.
  for (int turn = 0; turn < 200; ++turn) ASSERT_TRUE(client->send(an_ack, patience));
  for (std::uint64_t seq = 1; seq <= count; ++seq) ASSERT_EQ(next_seq(*client), seq);
  EXPECT_FALSE(*client->receive(milliseconds{1}));
}

// The server's last word, why it closes, comes right before the end.
TEST(WsClient, WhatCameBeforeTheEndIsReadBeforeTheEnd) {
  LoopbackServer server(upgrades_and([](ServerEnd& end) {
    end.write(frame_of(1));
    end.write(frame_of(2));
    beast::error_code ignored;
    end.stream.close(websocket::close_code::normal, ignored);
  }));
  const auto client = connected(server);
  while (client->send(an_ack, patience)) {
  }
  EXPECT_EQ(next_seq(*client), 1U);
  EXPECT_EQ(next_seq(*client), 2U);
  EXPECT_EQ(client->receive(patience).error().code, ErrorCode::closed);
  EXPECT_EQ(client->receive(patience).error().code, ErrorCode::closed) << "and stays so";
  EXPECT_EQ(client->send(an_ack, patience).error().code, ErrorCode::closed);
  client->close();
}

TEST(WsClient, RefusesWhatIsNoFramesOrTooLong) {
  Bytes message = frame_of(1);
  message.pop_back();
  LoopbackServer broken(upgrades_and([&](ServerEnd& end) {
    end.write(message);
    end.next();
  }));
  EXPECT_EQ(connected(broken)->receive(patience).error().code, ErrorCode::malformed);

  LoopbackServer endless(upgrades_and([](ServerEnd& end) {
    end.write(Bytes(protocol::message_bytes_max + 1, 0));
    end.next();
  }));
  EXPECT_EQ(connected(endless)->receive(patience).error().code, ErrorCode::malformed);
}

// The server counts a device that left without a word as lost and keeps its place for a minute.
TEST(WsClient, ClosingSaysGoodbye) {
  websocket::close_reason reason;
  LoopbackServer server(upgrades_and([&](ServerEnd& end) {
    end.next();
    reason = end.stream.reason();
  }));
  const auto client = connected(server);
  client->close();
  client->close();
  server.finish();
  EXPECT_EQ(reason.code, websocket::close_code::normal);
}

}  // namespace
}  // namespace clients_test
