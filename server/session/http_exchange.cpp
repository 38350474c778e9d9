#include "server/session/http_exchange.h"

#include "server/session/session_driver.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <utility>

namespace server {
namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);

class HttpExchange : public SessionDriver {
 public:
  HttpExchange(net::any_io_executor strand, Services& services, std::uint64_t number,
               std::optional<events::protocol::ChannelBinding> binding)
      : SessionDriver(strand, services, number), answer_came_(strand) {
    session().bind_to(binding);
    session().speak_in_turns();
  }

  Task<events::Bytes> serve(events::ByteView frames) {
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
      if (session().is_closing() || under_way() == 0) break;
      answer_came_.expires_at(net::steady_timer::time_point::max());
      co_await answer_came_.async_wait(no_throw);
    }
    perform(session().leave());
    co_return answer;
  }

 private:
  void changed(bool has_opened) override {
    if (has_opened) ask_for_wanted_files();
    answer_came_.cancel();
  }

  net::steady_timer answer_came_;
};

}  // namespace

Task<events::Bytes> exchange_frames(Services& services, std::uint64_t number,
                                    std::optional<events::protocol::ChannelBinding> binding,
                                    events::ByteView frames) {
  const net::any_io_executor strand = co_await net::this_coro::executor;
  const auto exchange = std::make_shared<HttpExchange>(strand, services, number, binding);
  co_return co_await exchange->serve(frames);
}

}  // namespace server
