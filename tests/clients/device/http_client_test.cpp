#include "clients/device/http_client.h"

#include "clients/device/connection_fault.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"
#include "tests/clients/device/loopback_server.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace clients_test {
namespace {

namespace asio = boost::asio;
namespace protocol = events::protocol;
using clients::ConnectionFault;
using clients::HttpClient;
using events::ErrorCode;
using std::chrono::milliseconds;
using Messages = std::vector<protocol::Message>;

constexpr milliseconds patience{10'000};

struct PostedRequest {
  std::string head;
  std::string body;
};

/// The next request of a connection; nothing when it ends.
std::optional<PostedRequest> next_request(LoopbackServer::Socket& socket) {
  std::string bytes;
  boost::system::error_code wrong;
  const std::size_t head = asio::read_until(socket, asio::dynamic_buffer(bytes), "\r\n\r\n", wrong);
  if (wrong) return std::nullopt;
  PostedRequest request{bytes.substr(0, head), bytes.substr(head)};
  const std::size_t length = request.head.find("Content-Length: ");
  if (length == std::string::npos) return std::nullopt;
  const std::size_t size = std::stoul(request.head.substr(length + 16));
  const std::size_t here = request.body.size();
  if (here < size) {
    request.body.resize(size);
    asio::read(socket, asio::buffer(request.body.data() + here, size - here), wrong);
  }
  if (wrong) return std::nullopt;
  return request;
}

void write_text(LoopbackServer::Socket& socket, std::string_view text) {
  boost::system::error_code ignored;
  asio::write(socket, asio::buffer(text), ignored);
}

std::string http_answer(const std::string& status, const std::string& type, const std::string& body,
                        const std::string& more = "") {
  return "HTTP/1.1 " + status + "\r\nContent-Type: " + type +
         "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n" + more + "\r\n" + body;
}

std::string frames_answer(const Messages& frames) {
  events::Bytes body;
  for (const protocol::Message& frame : frames) protocol::append_frame(body, frame);
  return http_answer("200 OK", std::string(protocol::frames_content_type),
                     std::string(body.begin(), body.end()));
}

std::string text_of_bytes(const events::Bytes& bytes) { return {bytes.begin(), bytes.end()}; }

/// Answers each request with the same text.
LoopbackServer::Serve answers_with(std::string text) {
  return [text = std::move(text)](LoopbackServer::Socket& socket) {
    while (next_request(socket)) write_text(socket, text);
  };
}

std::unique_ptr<HttpClient> connect_to(const LoopbackServer& server) {
  auto client = HttpClient::connect(server.address(), {}, patience);
  EXPECT_TRUE(client) << client.error().message;
  return client ? std::move(*client) : nullptr;
}

const Messages greeting{protocol::Hello{}};

// Where a proxy lets no WebSocket through, this is all that the commune has: nothing may be left
// out, and no connection made anew for each request.
TEST(HttpClient, PostsFramesAndFilesAndReadsFramesOverOneConnection) {
  std::vector<PostedRequest> requests;
  std::size_t connections = 0;
  const std::string answer = frames_answer({protocol::PushAck{3, {}}, protocol::PushAck{4, {}}});
  LoopbackServer server([&](LoopbackServer::Socket& socket) {
    ++connections;
    while (auto request = next_request(socket)) {
      requests.push_back(std::move(*request));
      write_text(socket, answer);
    }
  });
  const Messages frames{protocol::Hello{}, protocol::Push{events::Timestamp{1}, {1, 2, 3}}};
  const Messages files(4, protocol::BlobChunk{{}, 0, events::Bytes(10'000, 7)});
  auto client = connect_to(server);
  for (int round = 0; round < 2; ++round) {
    const auto answered = client->exchange(frames, patience, files);
    ASSERT_TRUE(answered) << answered.error().message;
    ASSERT_EQ(answered->size(), 2U);
    EXPECT_EQ(std::get<protocol::PushAck>(answered->back()).upto_seq, 4U);
  }
  EXPECT_EQ(client->bytes_received(), 2 * answer.size());
  const std::uint64_t sent = client->bytes_sent();
  client.reset();
  server.finish();

  EXPECT_EQ(connections, 1U);
  ASSERT_EQ(requests.size(), 2U);
  EXPECT_EQ(sent, 2 * (requests[0].head.size() + requests[0].body.size()));
  const std::string& head = requests[0].head;
  EXPECT_TRUE(head.starts_with("POST /s/x HTTP/1.1\r\n")) << head;
  EXPECT_NE(head.find("Host: " + server.address().authority() + "\r\n"), std::string::npos);
  EXPECT_NE(head.find("Content-Type: " + std::string(protocol::frames_content_type)),
            std::string::npos);
  events::Bytes body = clients::body_of(frames);
  for (const protocol::Message& file : files) protocol::append_frame(body, file);
  EXPECT_EQ(requests[0].body, text_of_bytes(body));
}

// A slow line brings an answer in crumbs.
TEST(HttpClient, AnAnswerInCrumbsIsPutTogether) {
  const std::string answer = frames_answer({protocol::PushAck{3, {}}});
  LoopbackServer server([&](LoopbackServer::Socket& socket) {
    socket.set_option(asio::ip::tcp::no_delay(true));
    while (next_request(socket)) {
      for (std::size_t at = 0; at < answer.size(); at += 9) {
        write_text(socket, std::string_view(answer).substr(at, 9));
        std::this_thread::sleep_for(milliseconds{1});
      }
    }
  });
  const auto client = connect_to(server);
  for (int round = 0; round < 2; ++round) {
    const auto answered = client->exchange(greeting, patience);
    ASSERT_TRUE(answered) << answered.error().message;
    ASSERT_EQ(answered->size(), 1U);
    EXPECT_EQ(std::get<protocol::PushAck>(answered->front()).upto_seq, 3U);
  }
}

// The officer is told to log in to the café's network only where that helps.
TEST(HttpClient, TellsACaptivePortalFromSomethingElseThatAnswers) {
  const auto fault = [](const std::string& answer) {
    LoopbackServer server(answers_with(answer));
    const auto client = connect_to(server);
    const auto answered = client->exchange(greeting, patience);
    return answered ? std::nullopt : clients::fault_of(answered.error());
  };
  EXPECT_EQ(fault(http_answer("200 OK", "text/html", "<html>Log in</html>")),
            ConnectionFault::captive_portal);
  EXPECT_EQ(
      fault(http_answer("302 Found", "text/plain", "", "Location: http://login.example/\r\n")),
      ConnectionFault::captive_portal);
  EXPECT_EQ(fault(http_answer("404 Not Found", "text/plain", "no")),
            ConnectionFault::no_web_socket);
  EXPECT_EQ(fault(http_answer("200 OK", "application/json", "{}")), ConnectionFault::no_web_socket);
  EXPECT_EQ(fault(http_answer("503 Busy", std::string(protocol::frames_content_type), "")),
            ConnectionFault::no_web_socket);
  EXPECT_EQ(fault("SSH-2.0-OpenSSH_9.2\r\n"), ConnectionFault::no_web_socket);
  EXPECT_EQ(fault(http_answer("200 OK", std::string(protocol::frames_content_type),
                              std::string(200 * 1024, 'x'))),
            ConnectionFault::no_web_socket)
      << "longer than any answer";
}

TEST(HttpClient, SaysThatTheServerHungUpOrIsSilent) {
  LoopbackServer hangs_up([](LoopbackServer::Socket& socket) { next_request(socket); });
  EXPECT_EQ(connect_to(hangs_up)->exchange(greeting, patience).error().code, ErrorCode::closed);

  LoopbackServer cuts([](LoopbackServer::Socket& socket) {
    next_request(socket);
    const std::string answer = frames_answer({protocol::PushAck{3, {}}});
    write_text(socket, std::string_view(answer).substr(0, answer.size() - 1));
  });
  EXPECT_EQ(connect_to(cuts)->exchange(greeting, patience).error().code, ErrorCode::closed)
      << "a part of an answer is none";

  LoopbackServer silent(answers_with(""));
  const auto client = connect_to(silent);
  EXPECT_EQ(client->exchange(greeting, milliseconds{100}).error().code, ErrorCode::timed_out);
  EXPECT_EQ(client->exchange(greeting, patience).error().code, ErrorCode::closed)
      << "a late answer must not be taken for the next one";
}

TEST(HttpClient, RefusesABodyThatIsNoFrames) {
  const std::string whole = text_of_bytes(protocol::encode_frame(protocol::PushAck{3, {}}));
  LoopbackServer server(answers_with(http_answer(
      "200 OK", std::string(protocol::frames_content_type), whole.substr(0, whole.size() - 1))));
  EXPECT_EQ(connect_to(server)->exchange(greeting, patience).error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace clients_test
