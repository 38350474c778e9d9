#include "server/channels/ws_channel.h"

#include "events/protocol/limits.h"
#include "events/protocol/upgrade.h"
#include "server/base/logging.h"
#include "server/channels/http_channel.h"
#include "server/channels/session_driver.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <algorithm>
#include <chrono>
#include <exception>
#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;

using events::ErrorCode;
using events::protocol::Liveness;
using Clock = network::Transport::Clock;

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
/// One WebSocket message of ours: a few frames, so that a slow line is not filled far ahead.
constexpr std::size_t message_bytes = 32 * 1024;

/// What a frame may announce without being refused before its bytes come.
constexpr std::size_t announced_bytes_max = 2 * events::protocol::message_bytes_max;

/// What a message may leave behind in memory until the next one.
constexpr std::size_t idle_buffer_bytes = 4 * 1024;

/// What the line has to take of a write in each of its times, unless the write ends before.
constexpr std::uint64_t write_window_bytes = 4 * 1024;

Liveness::Time time_of(Clock::time_point point) {
  return std::chrono::duration_cast<Liveness::Time>(point.time_since_epoch());
}

/// One connection that speaks CS/1: carries bytes and answers between the socket and its session.
/// All of it runs on the connection's strand.
class WsChannel : public SessionDriver {
 public:
  WsChannel(network::Transport stream, Caller caller, Services& services,
            const ConnectionLimits& limits)
      : SessionDriver(stream.get_executor(), services, std::move(caller)),
        socket_(std::move(stream)),
        output_due_(strand()),
        input_wanted_(strand()),
        alarm_(strand()),
        liveness_(limits.liveness, time_of(Clock::now())),
        message_timeout_(limits.message_timeout),
        write_timeout_(limits.write_timeout) {
    session().bind_to(socket_.next_layer().binding());
  }

  Task<> run(http::request<http::empty_body> upgrade, ConnectionLimits limits) {
    websocket::stream_base::timeout timeouts{.handshake_timeout = limits.request_timeout,
                                             .idle_timeout = websocket::stream_base::none(),
                                             .keep_alive_pings = false};
    socket_.set_option(timeouts);
    // read() has the limit, and words for it; a frame that announces far more is refused by its
    // head.
    socket_.read_message_max(announced_bytes_max);
    // Every browser names the page's origin, and no page can leave it out.
    if (upgrade.count(http::field::origin) > 0) session().speak_with_page();
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

    net::co_spawn(strand(), read(self()), [channel = self()](const std::exception_ptr& thrown) {
      if (thrown) channel->broke();
    });
    try {
      co_await write();
    } catch (const std::exception& exception) {
      log_error("session_broke", {{"session", session().number()}, {"error", exception.what()}});
    }
    leave();
  }

 private:
  std::shared_ptr<WsChannel> self() {
    return std::static_pointer_cast<WsChannel>(shared_from_this());
  }
  std::weak_ptr<WsChannel> weak_self() { return self(); }

  /// A timer that never fires by itself: cancelling it wakes the coroutine that waits on it.
  static void rest(net::steady_timer& timer) {
    timer.expires_at(net::steady_timer::time_point::max());
  }

  bool enter(const ConnectionLimits& limits) {
    auto goodbye = [weak = weak_self()](events::protocol::GoawayReason reason) {
      const auto channel = weak.lock();
      if (!channel) return;
      net::post(channel->strand(), [channel, reason] { channel->say_goodbye(reason); });
    };
    return services().sessions.enter(session().number(), std::move(goodbye), limits.sessions_max);
  }

  /// The second time nobody waits for the peer any more.
  void say_goodbye(events::protocol::GoawayReason reason) {
    if (std::exchange(has_said_goodbye_, true)) return socket_.next_layer().close();
    // A replaced device is connected already; the others should not all come back at once.
    const bool at_once = reason == events::protocol::GoawayReason::replaced;
    session().goodbye(reason, at_once ? 0 : 1'000);
    wake();
  }

  // ---- time: first for the greeting, then for signs of life ----

  void expect_greeting() {
    alarm_.expires_after(events::protocol::greeting_timeout);
    wait_for_alarm();
  }

  void wait_for_alarm() {
    alarm_.async_wait([weak = weak_self()](boost::system::error_code error) {
      const auto channel = weak.lock();
      if (error || !channel || channel->is_over_) return;
      channel->ring();
    });
  }

  void ring() {
    if (!session().is_open() && !session().is_closing()) {
      session().fail({ErrorCode::timed_out, "no HELLO came in time"}, 0);
      return wake();
    }
    watch_life();
  }

  void watch_life() {
    const Clock::time_point now = Clock::now();
    // Whoever is not read, because it asked too much, cannot be heard.
    const bool is_read = !session().held_until();
    const auto heard = time_of(is_read ? socket_.next_layer().heard_at() : now);
    switch (liveness_.step(time_of(now), heard)) {
      case Liveness::Step::wait:
        break;
      case Liveness::Step::ping:
        socket_.async_ping({}, [channel = self()](boost::system::error_code) {});
        break;
      case Liveness::Step::dead:
        log_info("session_dead", {{"session", session().number()}});
        socket_.next_layer().close();
        return;
    }
    if (message_due_ && now >= *message_due_) {
      log_info("message_unfinished", {{"session", session().number()}});
      return socket_.next_layer().close();
    }
    if (write_due_ && now >= *write_due_) {
      if (socket_.next_layer().bytes_written() < written_before_ + write_window_bytes) {
        log_info("reader_stopped",
                 {{"session", session().number()}, {"chain", session().chain().value}});
        return socket_.next_layer().close();
      }
      begin_write_window();
    }
    Clock::time_point due(liveness_.due());
    if (message_due_) due = std::min(due, *message_due_);
    if (write_due_) due = std::min(due, *write_due_);
    alarm_.expires_at(due);
    wait_for_alarm();
  }

  void ring_by(Clock::time_point due) {
    if (alarm_.expiry() <= due) return;
    alarm_.expires_at(due);
    wait_for_alarm();
  }

  /// Bytes that drip are signs of life, but not for ever.
  void expect_rest_of_message() {
    if (message_due_ || !session().is_open()) return;
    message_due_ = Clock::now() + message_timeout_;
    ring_by(*message_due_);
  }

  void begin_write_window() {
    write_due_ = Clock::now() + write_timeout_;
    written_before_ = socket_.next_layer().bytes_written();
  }

  /// Who answers pings and reads nothing keeps no connection.  What is written before the greeting
  /// fits into the kernel, whatever the peer does.
  void expect_reader() {
    if (!session().is_open() && !session().is_closing()) return;
    begin_write_window();
    ring_by(*write_due_);
  }

  /// The greeting that came with the upgrade is answered right behind it.
  void take_greeting(std::string_view offered) {
    const events::Result<std::optional<events::Bytes>> greeting =
        events::protocol::greeting_in(offered);
    if (!greeting) return session().fail(greeting.error(), 0);
    if (*greeting) perform(session().on_bytes(**greeting, services().clock()));
  }

  void leave() {
    is_over_ = true;
    perform(session().leave());
    alarm_.cancel();
    input_wanted_.cancel();
    services().subscriptions.cancel(subscription_);
    services().sessions.leave(session().number(), session().chain());
    socket_.next_layer().close();
  }

  // ---- reading ----

  /// Lifetime: `channel` is kept until the last read has ended.
  static Task<> read(std::shared_ptr<WsChannel> channel) {
    beast::flat_buffer buffer(events::protocol::message_bytes_max);
    while (!channel->is_over_ && !channel->session().is_closing()) {
      if (!channel->session().wants_input()) {
        rest(channel->input_wanted_);
        co_await channel->input_wanted_.async_wait(no_throw);
        continue;
      }
      const std::size_t room = buffer.max_size() - buffer.size();
      const auto [error, size] = co_await channel->socket_.async_read_some(buffer, room, no_throw);
      if (error) {
        channel->is_over_ = true;
      } else if (channel->socket_.is_message_done()) {
        channel->message_due_.reset();
        channel->take_message(buffer);
      } else if (buffer.size() == buffer.max_size()) {
        channel->refuse_message();
      } else {
        channel->expect_rest_of_message();
        continue;
      }
      channel->wake();
    }
  }

  void take_message(beast::flat_buffer& buffer) {
    if (!socket_.got_binary()) {
      session().fail({ErrorCode::malformed, "text where frames belong"}, 0);
    } else {
      const auto data = buffer.cdata();
      const events::ByteView bytes(static_cast<const std::uint8_t*>(data.data()), data.size());
      perform(session().on_bytes(bytes, services().clock()));
    }
    buffer.consume(buffer.size());
    if (buffer.capacity() > idle_buffer_bytes) buffer.shrink_to_fit();
  }

  void refuse_message() {
    close_code_ = websocket::close_code::too_big;
    session().fail({ErrorCode::too_large, "a message of more than 64 KiB"}, 0);
  }

  // ---- writing ----

  Task<> write() {
    for (;;) {
      if (is_over_) co_return;
      perform(session().end_rights(services().clock()));
      const events::Bytes message = session().pump(message_bytes);
      perform(session().reads());
      wake_reader();
      if (!message.empty()) {
        co_await wait_out_pause();
        expect_reader();
        const auto [error, sent] = co_await socket_.async_write(net::buffer(message), no_throw);
        write_due_.reset();
        if (error) co_return;
        perform(session().on_bytes({}, services().clock()));  // What waited for room for answers.
        continue;
      }
      if (session().is_closing()) break;
      const std::optional<events::Timestamp> held = session().held_until();
      perform(session().on_time(services().clock()));
      if (session().held_until() != held) continue;  // What waited is served.
      wait_for_log();
      rest_until_due();
      co_await output_due_.async_wait(no_throw);
    }
    const websocket::close_reason reason(close_code_);
    co_await socket_.async_close(reason, no_throw);
  }

  /// Whoever tries out codes and keys hears the answer later and later.
  Task<> wait_out_pause() {
    if (paused_until() <= ConnectionGate::Clock::now()) co_return;
    net::steady_timer pause(strand(), paused_until());
    co_await pause.async_wait(no_throw);
  }

  /// Until something wakes the channel, or the session has something to ask by itself.
  void rest_until_due() {
    const std::optional<events::Timestamp> due = session().due();
    if (!due) return rest(output_due_);
    const events::Timestamp now = services().clock();
    const std::uint64_t rest = due->value > now.value ? due->value - now.value : 0;
    // A role may end in a hundred years; the timer counts nanoseconds.
    output_due_.expires_after(
        std::chrono::milliseconds(std::min<std::uint64_t>(rest, events::milliseconds_per_day)));
  }

  void wait_for_log() {
    if (!session().wants_wake() || subscription_ != 0) return;
    auto on_log = [weak = weak_self()](std::uint64_t access_version) {
      const auto channel = weak.lock();
      if (!channel) return;
      net::post(channel->strand(),
                [channel, access_version] { channel->log_has_grown(access_version); });
    };
    subscription_ = services().subscriptions.wait({.scope = session().scope(),
                                                   .head = session().seen_head(),
                                                   .access_version = session().access_version(),
                                                   .wake = std::move(on_log)});
  }

  void log_has_grown(std::uint64_t access_version) {
    subscription_ = 0;
    if (session().is_open() && session().access_version() != access_version) {
      perform(session().recheck());
    }
    wake();
  }

  /// Something changed: there may be bytes to send, and room to read.
  void wake() {
    output_due_.cancel();
    wake_reader();
  }
  void wake_reader() {
    if (is_over_ || session().is_closing() || session().wants_input()) input_wanted_.cancel();
  }

  void changed(bool has_opened) override {
    if (has_opened) {
      services().sessions.claim(session().number(), session().chain());
      ask_for_wanted_files();
      log_info("session_opened", {{"session", session().number()},
                                  {"chain", session().chain().value},
                                  {"rules", session().device_rules().value}});
      watch_life();
    }
    wake();
  }

  void broke() override {
    is_over_ = true;
    socket_.next_layer().close();
    wake();
  }

  websocket::stream<network::Transport> socket_;
  net::steady_timer output_due_;
  net::steady_timer input_wanted_;
  net::steady_timer alarm_;
  Liveness liveness_;
  std::chrono::seconds message_timeout_;
  std::optional<Clock::time_point> message_due_;  ///< While the rest of a message is to come.
  std::chrono::seconds write_timeout_;
  std::optional<Clock::time_point> write_due_;  ///< While a write is under way.
  std::uint64_t written_before_ = 0;            ///< By the socket, when its time began.
  Subscriptions::Id subscription_ = 0;
  websocket::close_code close_code_ = websocket::close_code::normal;
  bool has_said_goodbye_ = false;
  bool is_over_ = false;
};

}  // namespace

Task<> serve_connection(network::Transport stream, Caller caller, Services& services,
                        ConnectionLimits limits) {
  if (services.tls != nullptr && !caller.is_plain) {
    stream.expires_after(limits.request_timeout);
    stream.use_tls(services.tls->accept());
    const auto [error, size] = co_await stream.async_handshake(no_throw);
    if (error) co_return;
  }
  std::optional<http::request<http::empty_body>> upgrade =
      co_await answer_http(stream, caller, services, limits.request_timeout);
  if (!upgrade) co_return;

  stream.expires_never();  // The channel keeps its own time.
  auto channel =
      std::make_shared<WsChannel>(std::move(stream), std::move(caller), services, limits);
  co_await channel->run(std::move(*upgrade), limits);
}

}  // namespace server
