#include "server/channels/http_channel.h"

#include "events/protocol/upgrade.h"
#include "server/bundle/bundle_service.h"
#include "server/channels/api_exchange.h"
#include "server/channels/bundle_channel.h"
#include "server/channels/certificate_watch.h"
#include "server/channels/http_exchange.h"
#include "server/channels/page_channel.h"
#include "server/page/page_service.h"
#include "server/store/disk_watch.h"
#include "server/store/table_check.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/string.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket/rfc6455.hpp>

#include <algorithm>
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
/// A body that stops coming ends earlier: so many bytes come in each window.
constexpr std::chrono::seconds body_window{15};
constexpr std::size_t body_window_bytes = 4 * 1024;

std::string_view view_of(beast::string_view text) { return {text.data(), text.size()}; }

/// "ready", and what the operator should know all the same.
std::string ready_text(const Services& services) {
  std::string text = "ready\n";
  if (services.tls == nullptr) return text;
  const auto note = certificate_note(services.tls->validity(), std::chrono::system_clock::now());
  return note ? text + *note + "\n" : text;
}

/// Writes the answer to `request` down, but for the exchange of frames.
void answer_plainly(const Request& request, const Services& services, Response& response) {
  const std::string_view target = view_of(request.target());
  const bool is_reading =
      request.method() == http::verb::get || request.method() == http::verb::head;
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  // Whoever looks at health comes again with a new connection, and does not keep a place.
  if (target.starts_with("/health/")) response.keep_alive(false);
  if (target == "/s/x") {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "POST");
    response.body() = "only POST\n";
  } else if (!is_reading) {
    response.result(http::status::method_not_allowed);
    response.set(http::field::allow, "GET, HEAD");
    response.body() = "only GET and HEAD\n";
  } else if (target == "/health/live") {
    response.body() = "alive\n";
  } else if (target == "/health/ready" && !services.committer.healthy()) {
    response.result(http::status::service_unavailable);
    response.body() = "the log refuses appends after a failed write; restart the server\n";
  } else if (target == "/health/ready" && services.tables && services.tables->trouble()) {
    response.result(http::status::service_unavailable);
    response.body() = services.tables->trouble()->message + "\n";
  } else if (target == "/health/ready" && services.disk && services.disk->trouble()) {
    response.result(http::status::service_unavailable);
    response.body() = services.disk->trouble()->message + "\n";
  } else if (target == "/health/ready" && !services.committer.clock_is_right()) {
    response.result(http::status::service_unavailable);
    response.body() = "clock: nothing is judged by it; see khuyenhoc-server clock\n";
  } else if (target == "/health/ready") {
    response.body() = ready_text(services);
  } else if (target == "/s") {
    response.result(http::status::upgrade_required);
    response.body() = "/s speaks WebSocket\n";
  } else {
    response.result(http::status::not_found);
    response.body() =
        "there is the page /, /health/live, /health/ready, the WebSocket /s, POST /s/x and POST "
        "/bundle\n";
  }
}

Response refusal(http::status status, std::string why) {
  Response response(status, 11);
  response.set(http::field::content_type, "text/plain; charset=utf-8");
  response.keep_alive(false);
  response.body() = std::move(why);
  response.prepare_payload();
  return response;
}

/// Why a request is not served, whatever it asks for.
std::optional<Response> refuse_head(const RequestHead::value_type& head) {
  if (head.version() >= 11 && head.count(http::field::host) != 1) {
    return refusal(http::status::bad_request, "a request names one Host\n");
  }
  const std::string_view target = view_of(head.target());
  const std::string_view origin = view_of(head[http::field::origin]);
  if (origin.empty() || (target != "/s" && target != "/s/x")) return std::nullopt;
  // A browser's page may speak for its user only where it came from.
  const std::size_t scheme = origin.find("://");
  const std::string_view from =
      scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
  const std::string_view host = view_of(head[http::field::host]);
  if (!from.empty() && beast::iequals({from.data(), from.size()}, {host.data(), host.size()})) {
    return std::nullopt;
  }
  return refusal(http::status::forbidden, "a page of another origin may not speak here\n");
}

bool expects_continue(const RequestHead::value_type& head) {
  return beast::iequals(head[http::field::expect], "100-continue");
}

bool is_bundle(const RequestHead::value_type& request) {
  return request.method() == http::verb::post && request.target() == "/bundle";
}

/// What a connection is that may bring several requests.
class HttpConnection {
 public:
  HttpConnection(network::Transport& stream, Caller caller, Services& services,
                 std::chrono::seconds timeout)
      : stream_(stream),
        caller_(std::move(caller)),
        services_(services),
        timeout_(timeout),
        stranger_until_(Clock::now() + timeout) {}

  /// Serves the next request.  False: the connection is over, or `upgrade()` says where it goes on.
  Task<bool> serve_one() {
    RequestHead parser;
    parser.header_limit(head_bytes_max);
    parser.body_limit(bundle_bytes_max);
    const auto left = stranger_until_ - Clock::now();
    stream_.expires_after(is_known_ ? timeout_ : std::max<Clock::duration>(left, first_moment));
    const auto [error, size] = co_await http::async_read_header(stream_, buffer_, parser, no_throw);
    if (error == http::error::body_limit) {
      co_return co_await refuse(is_bundle(parser.get()) ? bundle_too_large() : too_large());
    }
    if (error) co_return false;
    ++requests_;
    if (std::optional<Response> refused = refuse_head(parser.get())) {
      co_return co_await refuse(std::move(*refused));
    }
    if (services_.bundles != nullptr && is_bundle(parser.get())) {
      if (expects_continue(parser.get())) co_await say_continue();
      co_return co_await answer_bundle(stream_, buffer_, parser, caller_, services_);
    }
    BodyRoom::Share room(services_.bodies, caller_.address);
    const bool is_whole = co_await read_body(parser, room);
    if (!is_whole) co_return false;
    const Request request = parser.release();
    if (beast::websocket::is_upgrade(request) && request.target() == "/s") {
      upgrade_.emplace(request.base());
      co_return false;
    }
    co_return co_await answer(request);
  }

  std::optional<Upgrade> upgrade() { return std::move(upgrade_); }

 private:
  using Clock = network::Transport::Clock;
  /// A request that came just in time is still read.
  static constexpr std::chrono::milliseconds first_moment{50};

  /// False: it did not come, and the peer knows what there is to know.
  Task<bool> read_body(RequestHead& parser, BodyRoom::Share& room) {
    parser.body_limit(http_body_bytes_max);
    if (parser.content_length().value_or(0) > http_body_bytes_max) {
      co_return co_await refuse(too_large());
    }
    if (!parser.is_done() && expects_continue(parser.get())) co_await say_continue();
    const auto end = Clock::now() + body_timeout;
    auto window_end = Clock::now() + body_window;
    std::size_t wanted = body_window_bytes;
    while (!parser.is_done()) {
      stream_.expires_after(std::min(window_end, end) - Clock::now());
      const auto [error, size] = co_await http::async_read_some(stream_, buffer_, parser, no_throw);
      if (error == http::error::body_limit) co_return co_await refuse(too_large());
      if (error) co_return false;
      const std::size_t have = parser.get().body().size();
      if (!room.grow_to(have)) {
        services_.security.note("bodies_full", caller_.address, "busy");
        Response busy = refusal(http::status::service_unavailable, "busy: come again later\n");
        busy.set(http::field::retry_after, "5");
        co_return co_await refuse(std::move(busy));
      }
      if (have < wanted) continue;
      wanted = have + body_window_bytes;
      window_end = Clock::now() + body_window;
    }
    co_return true;
  }

  /// What of a request the interface for other systems looks at.
  static ApiRequest api_request_of(const Request& request) {
    const auto joined = [&request](auto field) {
      std::string text;
      const auto [begin, end] = request.equal_range(field);
      for (auto each = begin; each != end; ++each) {
        if (each != begin) text += ", ";
        text += view_of(each->value());
      }
      return text;
    };
    return {.method = std::string(view_of(request.method_string())),
            .target = std::string(view_of(request.target())),
            .authority = joined(http::field::host),
            .authorization = joined(http::field::authorization),
            .signature_input = joined("Signature-Input"),
            .signature = joined("Signature"),
            .if_none_match = joined(http::field::if_none_match)};
  }

  Task<> answer_api(const Request& request, Response& response) {
    stream_.expires_never();  // The log takes its time; what waits there is bounded.
    ApiRequest asked = api_request_of(request);
    const ApiAnswer answer = co_await exchange_api(services_, caller_, std::move(asked));
    is_known_ = is_known_ || answer.caller == ApiCaller::proved;
    response.result(static_cast<unsigned>(answer.response.status));
    for (const auto& [name, value] : answer.response.headers) response.set(name, value);
    response.body() = answer.response.body;
  }

  /// The page that is asked for; nothing when the path belongs to something else.
  std::shared_ptr<const Site> site_for(const Request& request) const {
    if (services_.page == nullptr) return nullptr;
    std::shared_ptr<const Site> site = services_.page->site();
    const std::string_view target = view_of(request.target());
    return site->find(target.substr(0, target.find('?'))).asset == nullptr ? nullptr : site;
  }

  Task<bool> answer_with_page(const Request& request, std::shared_ptr<const Site> site) {
    const auto value = [&](http::field name) { return view_of(request[name]); };
    PageRequest asked{.method = view_of(request.method_string()),
                      .target = view_of(request.target()),
                      .host = value(http::field::host),
                      .accept_encoding = {},
                      .if_none_match = value(http::field::if_none_match),
                      .range = value(http::field::range),
                      .if_range = value(http::field::if_range),
                      .is_in_tls = stream_.ssl() != nullptr};
    std::string accepted;
    for (auto [each, end] = request.equal_range(http::field::accept_encoding); each != end;
         ++each) {
      if (!accepted.empty()) accepted += ", ";
      accepted += view_of(each->value());
      asked.accept_encoding = accepted;
    }
    const PageAnswer answer = answer_page(std::move(site), asked);
    const bool keeps_alive =
        request.keep_alive() && (is_known_ || requests_ < stranger_requests_max);
    auto cut = [close = stream_.closer(), &security = services_.security, from = caller_.address] {
      security.note("page_cut", from, "busy");
      close();
    };
    const PageRoom::Place place(services_.page->room(), caller_.address, std::move(cut));
    const bool is_sent = co_await send_page(stream_, answer, keeps_alive);
    // A line that took long to read this answer may ask for the next file.
    stranger_until_ = std::max(stranger_until_, Clock::now() + timeout_);
    co_return is_sent&& keeps_alive;
  }

  Task<bool> answer(const Request& request) {
    if (std::shared_ptr<const Site> site = site_for(request)) {
      co_return co_await answer_with_page(request, std::move(site));
    }
    Response response;
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    if (request.target() == "/s/x" && request.method() == http::verb::post) {
      stream_.expires_never();  // What the log does takes its time; the answer has its own.
      const bool is_page = request.count(http::field::origin) > 0;
      const Exchanged exchanged = co_await exchange_frames(
          services_, caller_, stream_.binding(), is_page, events::bytes_of(request.body()));
      is_known_ = is_known_ || exchanged.was_greeted;
      response.set(http::field::content_type, events::protocol::frames_content_type);
      response.set(http::field::cache_control, "no-store");
      response.body().assign(exchanged.frames.begin(), exchanged.frames.end());
    } else if (services_.api != nullptr && view_of(request.target()).starts_with(api_prefix)) {
      co_await answer_api(request, response);
    } else {
      answer_plainly(request, services_, response);
    }
    if (!is_known_ && requests_ >= stranger_requests_max) response.keep_alive(false);
    response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear();
    stream_.expires_after(body_timeout);
    const auto [error, size] = co_await http::async_write(stream_, response, no_throw);
    co_return !error && response.keep_alive();
  }

  Task<bool> refuse(Response response) {
    stream_.expires_after(timeout_);
    co_await http::async_write(stream_, response, no_throw);
    co_await stream_.async_shut_down(no_throw);
    co_return false;
  }

  Task<> say_continue() {
    const http::response<http::empty_body> go_on(http::status::continue_, 11);
    co_await http::async_write(stream_, go_on, no_throw);
  }

  static Response bundle_too_large() {
    return refusal(
        http::status::payload_too_large,
        "too_large: a bundle has at most " + std::to_string(bundle_bytes_max) + " bytes\n");
  }
  static Response too_large() {
    return refusal(http::status::payload_too_large, "a body has at most 128 KiB\n");
  }

  network::Transport& stream_;
  Caller caller_;
  Services& services_;
  std::chrono::seconds timeout_;
  Clock::time_point stranger_until_;
  beast::flat_buffer buffer_{head_bytes_max + http_body_bytes_max};
  bool is_known_ = false;
  int requests_ = 0;
  std::optional<Upgrade> upgrade_;
};

}  // namespace

Task<std::optional<Upgrade>> answer_http(network::Transport& stream, Caller caller,
                                         Services& services, std::chrono::seconds timeout) {
  HttpConnection connection(stream, std::move(caller), services, timeout);
  bool goes_on = true;
  while (goes_on) goes_on = co_await connection.serve_one();
  co_return connection.upgrade();
}

}  // namespace server
