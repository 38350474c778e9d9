#include "server/session/bundle_driver.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace server {

namespace courier = events::courier;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);

}  // namespace

BundleDriver::BundleDriver(const net::any_io_executor& strand, Services& services,
                           BundleExchange exchange)
    : SessionDriver(strand, services, exchange.session()),
      exchange_(std::move(exchange)),
      answer_came_(strand) {}

Task<Result<void>> BundleDriver::carry(courier::BundleOpener& bundle) {
  bool has_left = false;
  for (;;) {
    const Result<bool> drained = exchange_.drain();
    if (!drained) co_return drained.error();
    perform(session().reads());
    perform(session().on_bytes({}, services().clock()));  // What waited for room for its answers.
    if (session().wants_input() && bundle.ending() == courier::Ending::open) {
      if (Result<void> taken = take_block(bundle); !taken) co_return taken.error();
      co_await net::post(strand(), net::use_awaitable);  // Others get their turn.
    } else if (under_way() > 0) {
      answer_came_.expires_at(net::steady_timer::time_point::max());
      co_await answer_came_.async_wait(no_throw);
    } else if (!has_left) {
      has_left = true;
      perform(session().leave());
    } else if (!*drained) {
      break;
    }
  }
  if (exchange_.refusal()) co_return *exchange_.refusal();
  if (!was_heard_) co_return Error{ErrorCode::malformed, "the bundle holds no greeting"};
  co_return exchange_.finish();
}

Result<void> BundleDriver::take_block(courier::BundleOpener& bundle) {
  const Result<std::optional<events::Bytes>> block = bundle.next();
  if (!block) return block.error();
  if (!*block) return {};
  was_heard_ = was_heard_ || !(*block)->empty();
  perform(session().on_bytes(**block, services().clock()));
  return {};
}

void BundleDriver::changed(bool has_opened) {
  if (has_opened) ask_for_wanted_files();
  answer_came_.cancel();
}

}  // namespace server
