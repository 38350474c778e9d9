#include "server/session/http_channel.h"

#include "events/protocol/upgrade.h"
#include "server/courier/bundle_desk.h"
#include "server/session/bundle_channel.h"
#include "server/session/http_exchange.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <string>
#include <string_view>
#include <utility>

namespace server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Request = http::request<http::string_body>;
using Upgrade = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
constexpr std::size_t head_bytes_max = 8 * 1024;
/// A body, and then its answer, may take so long: both are bounded, and lines are slow.
constexpr std::chrono::seconds body_timeout{120};

/// Writes the answer to `request` down, but for the exchange of frames.
void answer_plainly(const Request& request, const Committer& committer, Response& response) {
  const std::string_view target(request.target().data(), request.target().size());
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  if (target == "/s/x") {
    response.result(http::status::method_not_allowed);
    response.body() = "only POST\n";
  } else if (request.method() != http::verb::get) {
    response.result(http::status::method_not_allowed);
    response.body() = "only GET\n";
  } else if (target == "/health/live") {
    response.body() = "alive\n";
  } else if (target == "/health/ready" && committer.healthy() && committer.clock_is_right()) {
    response.body() = "ready\n";
  } else if (target == "/health/ready" && committer.healthy()) {
    response.result(http::status::service_unavailable);
    response.body() = "clock: nothing is judged by it; see khuyenhoc-server clock\n";
  } else if (target == "/health/ready") {
    response.result(http::status::service_unavailable);
    response.body() = "the log refuses appends after a failed write; restart the server\n";
  } else if (target == "/s") {
    response.result(http::status::upgrade_required);
    response.body() = "/s speaks WebSocket\n";
  } else {
    response.result(http::status::not_found);
    response.body() =
        "there is /health/live, /health/ready, the WebSocket /s, POST /s/x and POST /bundle\n";
  }
}

Response too_large() {
  Response response(http::status::payload_too_large, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.keep_alive(false);
  response.body() = "a body has at most 128 KiB\n";
  response.prepare_payload();
  return response;
}

bool is_bundle(const Request& request) {
  return request.method() == http::verb::post && request.target() == "/bundle";
}

}  // namespace

Task<std::optional<Upgrade>> answer_http(network::Transport& stream, std::uint64_t number,
                                         Services& services, std::chrono::seconds timeout) {
  beast::flat_buffer buffer(head_bytes_max + http_body_bytes_max);
  for (;;) {
    stream.expires_after(timeout);
    http::request_parser<http::string_body> parser;
    parser.header_limit(head_bytes_max);
    parser.body_limit(bundle_bytes_max);
    auto [read_error, head_size] =
        co_await http::async_read_header(stream, buffer, parser, no_throw);
    if (!read_error && services.bundles != nullptr && is_bundle(parser.get())) {
      const bool goes_on = co_await answer_bundle(stream, buffer, parser, services);
      if (!goes_on) co_return std::nullopt;
      continue;
    }
    parser.body_limit(http_body_bytes_max);
    if (!read_error && parser.content_length().value_or(0) > http_body_bytes_max) {
      read_error = http::error::body_limit;
    }
    if (!read_error && !parser.is_done()) {
      stream.expires_after(body_timeout);
      const auto [body_error, body_size] =
          co_await http::async_read(stream, buffer, parser, no_throw);
      read_error = body_error;
    }
    if (read_error == http::error::body_limit) {
      const Response refusal = too_large();
      co_await http::async_write(stream, refusal, no_throw);
      co_await stream.async_shut_down(no_throw);
    }
    if (read_error) co_return std::nullopt;
    const Request request = parser.release();
    if (beast::websocket::is_upgrade(request) && request.target() == "/s") {
      co_return Upgrade(request.base());
    }

    Response response;
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    if (request.target() == "/s/x" && request.method() == http::verb::post) {
      const events::Bytes frames = co_await exchange_frames(services, number, stream.binding(),
                                                            events::bytes_of(request.body()));
      response.set(http::field::content_type, events::protocol::frames_content_type);
      response.set(http::field::cache_control, "no-store");
      response.body().assign(frames.begin(), frames.end());
    } else {
      answer_plainly(request, services.committer, response);
    }
    response.prepare_payload();
    stream.expires_after(body_timeout);
    const auto [write_error, write_size] = co_await http::async_write(stream, response, no_throw);
    if (write_error || !response.keep_alive()) co_return std::nullopt;
  }
}

}  // namespace server
