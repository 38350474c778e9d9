#include "clients/device/http_client.h"

#include "clients/device/http_answer.h"
#include "events/protocol/frame_codec.h"
#include "events/protocol/upgrade.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <array>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using network::error_code;
namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace protocol = events::protocol;

namespace {

/// Four seconds of a 64 kbit/s line; a block with many records may be more.
constexpr std::size_t body_bytes_max = 32 * 1024;
/// An answer is at most 64 KiB; a portal's page may be longer and is not read to its end.
constexpr std::size_t answer_bytes_max = 128 * 1024;

Error lost(const char* what, const error_code& code) {
  if (code == asio::error::timed_out) return {ErrorCode::timed_out, "HTTP: no answer"};
  return {ErrorCode::closed, std::string(what) + ": " + code.message()};
}

}  // namespace

events::Bytes body_of(std::span<const protocol::Message> frames) {
  events::Bytes body;
  events::Bytes waiting;  // Private records and the block that names them.
  std::size_t groups = 0;
  for (const protocol::Message& frame : frames) {
    protocol::append_frame(waiting, frame);
    if (std::holds_alternative<protocol::PrivateRecords>(frame)) continue;
    // The greeting and one block always go, or a large block would never.
    if (groups >= 2 && body.size() + waiting.size() > body_bytes_max) break;
    if (!std::holds_alternative<protocol::Answer>(frame)) ++groups;
    events::append_bytes(body, waiting);
    waiting.clear();
  }
  return body;
}

Result<std::unique_ptr<HttpClient>> HttpClient::connect(const ServerAddress& address,
                                                        const ConnectionOptions& options,
                                                        std::chrono::milliseconds timeout) {
  Result<std::unique_ptr<Connection>> connection = Connection::connect(address, options, timeout);
  if (!connection) return connection.error();
  return std::unique_ptr<HttpClient>(new HttpClient(std::move(*connection), address));
}

Result<std::vector<protocol::Message>> HttpClient::exchange(
    std::span<const protocol::Message> frames, std::chrono::milliseconds timeout,
    std::span<const protocol::Message> files) {
  events::Bytes body = body_of(frames);
  for (const protocol::Message& frame : files) protocol::append_frame(body, frame);
  std::string head = "POST " + path_ + " HTTP/1.1\r\nHost: " + host_ + "\r\nContent-Type: ";
  head += protocol::frames_content_type;
  head += "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  const std::array<asio::const_buffer, 2> request{asio::buffer(head), asio::buffer(body)};
  const error_code sent = connection_->wait_for(
      [&](auto handler) { asio::async_write(connection_->transport(), request, handler); },
      timeout);
  if (sent) return lost("sending", sent);

  http::response_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(answer_bytes_max);
  std::string unread;
  std::array<char, 4096> piece;
  while (!parser.is_done()) {
    std::size_t size = 0;
    const auto read = [&](auto handler) {
      connection_->transport().async_read_some(
          asio::buffer(piece), [&size, handler](const error_code& code, std::size_t count) {
            size = count;
            handler(code);
          });
    };
    if (const error_code code = connection_->wait_for(read, timeout))
      return lost("receiving", code);
    unread.append(piece.data(), size);
    error_code wrong;
    unread.erase(0, parser.put(asio::buffer(unread), wrong));
    if (wrong && wrong != http::error::need_more) {
      return wrong_answer(
          {.status = 0, .content_type = "no HTTP: " + wrong.message(), .location = {}});
    }
  }
  const auto& answer = parser.get();
  const std::string content_type(answer[http::field::content_type]);
  if (answer.result() != http::status::ok || content_type != protocol::frames_content_type) {
    return wrong_answer({.status = answer.result_int(),
                         .content_type = content_type,
                         .location = std::string(answer[http::field::location])});
  }
  return protocol::read_frames(events::bytes_of(answer.body()));
}

}  // namespace clients
