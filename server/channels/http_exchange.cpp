#include "server/channels/http_exchange.h"

#include "server/channels/session_driver.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <utility>

namespace server {
namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
/// How long a request may wait for the device's budget; what is not served then is not answered.
constexpr std::chrono::milliseconds hold_max{60'000};

class HttpExchange : public SessionDriver {
 public:
  HttpExchange(net::any_io_executor strand, Services& services, Caller caller,
               std::optional<events::protocol::ChannelBinding> binding, bool is_page)
      : SessionDriver(strand, services, std::move(caller)), answer_came_(strand) {
    session().bind_to(binding);
    if (is_page) session().speak_with_page();
    session().speak_in_turns();
  }

  Task<Exchanged> serve(events::ByteView frames) {
    perform(session().on_bytes(frames, services().clock()));
    events::Bytes answer;
    for (;;) {
      const events::Bytes more = session().pump(http_answer_bytes_max - answer.size());
      events::append_bytes(answer, more);
      perform(session().reads());
      // A frame may not fit into what is left of the answer.
      if (answer.size() + events::protocol::frame_bytes_max > http_answer_bytes_max) break;
      if (!more.empty()) {
        perform(session().on_bytes({}, services().clock()));  // What waited for room for answers.
        continue;
      }
      if (is_broken_ || session().is_closing()) break;
      const auto until = session().held_until();
      if (until && under_way() == 0 && Clock::now() < held_at_most_) {
        co_await wait_until(*until);
        perform(session().on_bytes({}, services().clock()));
        continue;
      }
      if (under_way() == 0) {
        if (!answer.empty()) break;
        // A body without a frame, or with frames that everybody skips.
        session().fail({events::ErrorCode::not_permitted, "HELLO or ENROL comes first"}, 0);
        continue;
      }
      answer_came_.expires_at(net::steady_timer::time_point::max());
      co_await answer_came_.async_wait(no_throw);
    }
    perform(session().leave());
    co_await wait_out_pause();
    co_return Exchanged{std::move(answer), was_greeted_};
  }

 private:
  using Clock = std::chrono::steady_clock;

  Task<> wait_out_pause() {
    if (paused_until() <= ConnectionGate::Clock::now()) co_return;
    answer_came_.expires_at(paused_until());
    co_await answer_came_.async_wait(no_throw);
  }

  /// By a clock that only goes forward: the log's may be set back meanwhile.
  Task<> wait_until(events::Timestamp due) {
    const events::Timestamp now = services().clock();
    const std::chrono::milliseconds left(due > now ? due.value - now.value : 0);
    answer_came_.expires_after(std::min(left, hold_max));
    co_await answer_came_.async_wait(no_throw);
  }

  void changed(bool has_opened) override {
    was_greeted_ = was_greeted_ || has_opened;
    if (has_opened) ask_for_wanted_files();
    answer_came_.cancel();
  }
  void broke() override {
    is_broken_ = true;
    answer_came_.cancel();
  }

  net::steady_timer answer_came_;
  Clock::time_point held_at_most_ = Clock::now() + hold_max;
  bool was_greeted_ = false;
  bool is_broken_ = false;
};

}  // namespace

Task<Exchanged> exchange_frames(Services& services, Caller caller,
                                std::optional<events::protocol::ChannelBinding> binding,
                                bool is_page, events::ByteView frames) {
  const net::any_io_executor strand = co_await net::this_coro::executor;
  const auto exchange =
      std::make_shared<HttpExchange>(strand, services, std::move(caller), binding, is_page);
  co_return co_await exchange->serve(frames);
}

}  // namespace server
