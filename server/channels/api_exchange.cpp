#include "server/channels/api_exchange.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>
#include <optional>
#include <utility>

namespace server {
namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);

/// Where an answer is put for the coroutine that waits for it.
struct Waiting {
  explicit Waiting(const net::any_io_executor& strand) : came(strand) {}
  net::steady_timer came;
  std::optional<ApiAnswer> answer;
};

}  // namespace

Task<ApiAnswer> exchange_api(Services& services, Caller caller, ApiRequest request) {
  const net::any_io_executor strand = co_await net::this_coro::executor;
  const auto waiting = std::make_shared<Waiting>(strand);
  waiting->came.expires_at(net::steady_timer::time_point::max());
  HttpApi::Calls calls;
  // At once: while the answer is made, strangers must not push the reader out.
  calls.proved = [&gate = services.gate, number = caller.number] { gate.prove(number); };
  calls.done = [strand, waiting](ApiAnswer answer) {
    net::post(strand, [waiting, answer = std::move(answer)]() mutable {
      waiting->answer = std::move(answer);
      waiting->came.cancel();
    });
  };
  services.api->answer(std::move(request), std::move(calls));
  while (!waiting->answer) co_await waiting->came.async_wait(no_throw);

  const ApiAnswer& answer = *waiting->answer;
  if (answer.caller == ApiCaller::refused) {
    services.security.note("refused_api", caller.address, answer.reason, answer.refused_number);
    const auto pause = services.gate.fail(caller.address, false, ConnectionGate::Clock::now());
    if (pause > ConnectionGate::Clock::duration::zero()) {
      waiting->came.expires_after(pause);
      co_await waiting->came.async_wait(no_throw);
    }
  }
  co_return std::move(*waiting->answer);
}

}  // namespace server
