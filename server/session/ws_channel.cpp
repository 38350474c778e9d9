#include "server/session/ws_channel.h"

#include "events/protocol/limits.h"
#include "events/protocol/upgrade.h"
#include "server/logging.h"
#include "server/session/http_channel.h"
#include "server/session/sync_session.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

namespace server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using events::Error;
using events::ErrorCode;

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
/// One WebSocket message of ours: a few frames, so that a slow line is not filled far ahead.
constexpr std::size_t message_bytes = 32 * 1024;

/// One connection that speaks CS/1: carries bytes and answers between the socket and its session.
/// All of it runs on the connection's strand; the log thread and others only post to it.
class WsChannel : public std::enable_shared_from_this<WsChannel> {
 public:
  WsChannel(beast::tcp_stream stream, std::uint64_t number, Services& services)
      : socket_(std::move(stream)),
        services_(services),
        session_(services.log, services.private_store, services.packed, number),
        output_due_(socket_.get_executor()),
        input_wanted_(socket_.get_executor()),
        greeting_(socket_.get_executor()) {}

  Task<> run(http::request<http::empty_body> upgrade, ConnectionLimits limits) {
    websocket::stream_base::timeout timeouts{.handshake_timeout = limits.request_timeout,
                                             .idle_timeout = limits.idle_timeout,
                                             .keep_alive_pings = true};
    socket_.set_option(timeouts);
    socket_.read_message_max(events::protocol::message_bytes_max);
    const auto offered = upgrade[http::field::sec_websocket_protocol];
    if (events::protocol::offers_subprotocol({offered.data(), offered.size()})) {
      socket_.set_option(websocket::stream_base::decorator([](websocket::response_type& answer) {
        answer.set(http::field::sec_websocket_protocol, events::protocol::subprotocol);
      }));
    }
    const auto [error] = co_await socket_.async_accept(upgrade, no_throw);
    if (error) co_return;
    if (!enter(limits)) co_return;
    socket_.binary(true);
    socket_.auto_fragment(false);
    expect_greeting();
    take_greeting({offered.data(), offered.size()});

    net::co_spawn(socket_.get_executor(), read(shared_from_this()), net::detached);
    co_await write();
    leave();
  }

 private:
  /// A timer that never fires by itself: cancelling it wakes the coroutine that waits on it.
  static void rest(net::steady_timer& timer) {
    timer.expires_at(net::steady_timer::time_point::max());
  }

  bool enter(const ConnectionLimits& limits) {
    auto goodbye = [weak = weak_from_this()](events::protocol::GoawayReason reason) {
      const auto self = weak.lock();
      if (!self) return;
      net::post(self->socket_.get_executor(), [self, reason] { self->say_goodbye(reason); });
    };
    return services_.sessions.enter(session_.number(), std::move(goodbye), limits.sessions_max);
  }

  void say_goodbye(events::protocol::GoawayReason reason) {
    // A replaced device is connected already; the others should not all come back at once.
    const bool at_once = reason == events::protocol::GoawayReason::replaced;
    session_.goodbye(reason, at_once ? 0 : 1'000);
    wake();
  }

  void expect_greeting() {
    greeting_.expires_after(events::protocol::greeting_timeout);
    greeting_.async_wait([weak = weak_from_this()](boost::system::error_code error) {
      const auto self = weak.lock();
      if (error || !self || self->session_.is_open()) return;
      self->session_.fail({ErrorCode::timed_out, "no HELLO came in time"}, 0);
      self->wake();
    });
  }

  /// The greeting that came with the upgrade is answered right behind it.
  void take_greeting(std::string_view offered) {
    const events::Result<std::optional<events::Bytes>> greeting =
        events::protocol::greeting_in(offered);
    if (!greeting) return session_.fail(greeting.error(), 0);
    if (*greeting) perform(session_.on_bytes(**greeting, services_.clock()));
  }

  void leave() {
    is_over_ = true;
    greeting_.cancel();
    input_wanted_.cancel();
    services_.subscriptions.cancel(subscription_);
    services_.sessions.leave(session_.number(), session_.chain());
    beast::get_lowest_layer(socket_).close();
  }

  // ---- reading ----

  /// Lifetime: `self` keeps the channel until the last read has ended.
  static Task<> read(std::shared_ptr<WsChannel> self) {
    beast::flat_buffer buffer(events::protocol::message_bytes_max);
    while (!self->is_over_ && !self->session_.is_closing()) {
      if (!self->session_.wants_input()) {
        rest(self->input_wanted_);
        co_await self->input_wanted_.async_wait(no_throw);
        continue;
      }
      const auto [error, size] = co_await self->socket_.async_read(buffer, no_throw);
      if (error) {
        self->lose(error);
        co_return;
      }
      if (!self->socket_.got_binary()) {
        self->session_.fail({ErrorCode::malformed, "text where frames belong"}, 0);
      } else {
        const auto data = buffer.cdata();
        const events::ByteView bytes(static_cast<const std::uint8_t*>(data.data()), data.size());
        self->perform(self->session_.on_bytes(bytes, self->services_.clock()));
      }
      buffer.consume(size);
      self->wake();
    }
  }

  void lose(const boost::system::error_code& error) {
    if (error == websocket::error::message_too_big || error == websocket::error::buffer_overflow) {
      session_.fail({ErrorCode::too_large, "a message of more than 64 KiB"}, 0);
    } else {
      is_over_ = true;
    }
    wake();
  }

  // ---- writing ----

  Task<> write() {
    for (;;) {
      if (is_over_) co_return;
      const events::Bytes message = session_.pump(message_bytes);
      wake_reader();
      if (!message.empty()) {
        const auto [error, sent] = co_await socket_.async_write(net::buffer(message), no_throw);
        if (error) co_return;
        continue;
      }
      if (session_.is_closing()) break;
      perform(session_.on_time(services_.clock()));
      wait_for_log();
      rest_until_due();
      co_await output_due_.async_wait(no_throw);
    }
    const websocket::close_reason reason(websocket::close_code::normal);
    co_await socket_.async_close(reason, no_throw);
  }

  /// Until something wakes the channel, or the session has something to ask by itself.
  void rest_until_due() {
    const std::optional<events::Timestamp> due = session_.due();
    if (!due) return rest(output_due_);
    const events::Timestamp now = services_.clock();
    output_due_.expires_after(
        std::chrono::milliseconds(due->value > now.value ? due->value - now.value : 0));
  }

  void wait_for_log() {
    if (!session_.wants_wake() || subscription_ != 0) return;
    auto on_log = [weak = weak_from_this()](std::uint64_t access_version) {
      const auto self = weak.lock();
      if (!self) return;
      net::post(self->socket_.get_executor(),
                [self, access_version] { self->log_has_grown(access_version); });
    };
    subscription_ = services_.subscriptions.wait({.scope = session_.scope(),
                                                  .head = session_.seen_head(),
                                                  .access_version = session_.access_version(),
                                                  .wake = std::move(on_log)});
  }

  void log_has_grown(std::uint64_t access_version) {
    subscription_ = 0;
    if (session_.is_open() && session_.access_version() != access_version) {
      perform(session_.recheck());
    }
    wake();
  }

  /// Something changed: there may be bytes to send, and room to read.
  void wake() {
    output_due_.cancel();
    wake_reader();
  }
  void wake_reader() {
    if (is_over_ || session_.is_closing() || session_.wants_input()) input_wanted_.cancel();
  }

  // ---- the hop to the log thread and back ----

  void perform(Requests requests) {
    for (Request& request : requests) {
      std::visit([this](auto& each) { ask(std::move(each)); }, request);
    }
  }

  void ask(AskAdmission request) {
    services_.committer.admit(request.chain,
                              back<events::Result<Admission>>(&SyncSession::on_admitted));
  }
  void ask(AskEnrolment request) {
    services_.committer.enrol(
        std::move(request.request),
        back<events::Result<events::protocol::Enrolled>>(&SyncSession::on_enrolled));
  }
  void ask(SubmitRun request) {
    services_.committer.submit(std::move(request.run),
                               back<PushOutcome>(&SyncSession::on_committed));
  }

  void ask(AskSummary request) {
    auto question = std::move(request.question);
    services_.projector.ask(
        [question = std::move(question),
         answer = back<Summary>(&SyncSession::on_summary)](const Folded& folded) {
          answer(summarize(question, folded.state, folded.views.statistics));
        });
  }

  /// A function for the log thread that brings its answer back to this strand.
  template <class Answer>
  Committer::Done<Answer> back(Requests (SyncSession::*take)(Answer, events::Timestamp)) {
    return [self = shared_from_this(), take](Answer answer) {
      net::post(self->socket_.get_executor(), [self, take, answer = std::move(answer)]() mutable {
        const bool was_open = self->session_.is_open();
        self->perform((self->session_.*take)(std::move(answer), self->services_.clock()));
        if (!was_open && self->session_.is_open()) self->opened();
        self->wake();
      });
    };
  }

  void opened() {
    greeting_.cancel();
    services_.sessions.claim(session_.number(), session_.chain());
    log_info("session_opened", {{"session", session_.number()}, {"chain", session_.chain().value}});
  }

  websocket::stream<beast::tcp_stream> socket_;
  Services& services_;
  SyncSession session_;
  net::steady_timer output_due_;
  net::steady_timer input_wanted_;
  net::steady_timer greeting_;
  Subscriptions::Id subscription_ = 0;
  bool is_over_ = false;
};

}  // namespace

Task<> serve_connection(net::ip::tcp::socket socket, std::uint64_t number, Services& services,
                        ConnectionLimits limits) {
  boost::system::error_code ignored;
  socket.set_option(net::ip::tcp::no_delay(true), ignored);
  beast::tcp_stream stream(std::move(socket));
  stream.expires_after(limits.request_timeout);
  std::optional<http::request<http::empty_body>> upgrade =
      co_await answer_http(stream, services.committer);
  if (!upgrade) co_return;

  stream.expires_never();  // The WebSocket keeps its own time.
  auto channel = std::make_shared<WsChannel>(std::move(stream), number, services);
  co_await channel->run(std::move(*upgrade), limits);
}

}  // namespace server
