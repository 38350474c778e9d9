#include "server/session/http_channel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <string>
#include <string_view>

namespace server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using Request = http::request<http::empty_body>;
using Response = http::response<http::string_body>;

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
constexpr std::size_t request_bytes_max = 8 * 1024;

Response answer_to(const Request& request, const Committer& committer) {
  const std::string_view target(request.target().data(), request.target().size());
  Response response;
  response.version(request.version());
  response.keep_alive(request.keep_alive());
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  if (request.method() != http::verb::get) {
    response.result(http::status::method_not_allowed);
    response.body() = "only GET\n";
  } else if (target == "/health/live") {
    response.body() = "alive\n";
  } else if (target == "/health/ready" && committer.healthy()) {
    response.body() = "ready\n";
  } else if (target == "/health/ready") {
    response.result(http::status::service_unavailable);
    response.body() = "the log refuses appends after a failed write; restart the server\n";
  } else if (target == "/s") {
    response.result(http::status::upgrade_required);
    response.body() = "/s speaks WebSocket\n";
  } else {
    response.result(http::status::not_found);
    response.body() = "there is /health/live, /health/ready and the WebSocket /s\n";
  }
  response.prepare_payload();
  return response;
}

}  // namespace

Task<std::optional<Request>> answer_http(beast::tcp_stream& stream, const Committer& committer) {
  beast::flat_buffer buffer(request_bytes_max);
  for (;;) {
    Request request;
    const auto [read_error, read_size] =
        co_await http::async_read(stream, buffer, request, no_throw);
    if (read_error) co_return std::nullopt;
    if (beast::websocket::is_upgrade(request) && request.target() == "/s") co_return request;

    const Response response = answer_to(request, committer);
    const auto [write_error, write_size] = co_await http::async_write(stream, response, no_throw);
    if (write_error || !response.keep_alive()) co_return std::nullopt;
  }
}

}  // namespace server
