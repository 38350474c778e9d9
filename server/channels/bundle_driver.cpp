#include "server/channels/bundle_driver.h"

#include "server/files/file_hop.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace server {

namespace bundle = events::bundle;
using events::Error;
using events::ErrorCode;
using events::Result;

namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);

}  // namespace

BundleDriver::BundleDriver(const net::any_io_executor& strand, Services& services,
                           BundleExchange exchange, KeepAnswer keep_answer)
    : SessionDriver(strand, services, exchange.session()),
      exchange_(std::move(exchange)),
      keep_answer_(std::move(keep_answer)),
      answer_came_(strand) {}

Task<Result<void>> BundleDriver::carry(bundle::BundleOpener& bundle) {
  bool has_left = false;
  for (;;) {
    if (is_broken_) co_return Error{ErrorCode::busy, "the server has no memory; come again later"};
    const Result<bool> drained = exchange_.drain_message();
    if (!drained) co_return drained.error();
    if (*drained) {
      const Result<void> kept = co_await keep_answer_();
      if (!kept) co_return kept.error();
    }
    perform(session().reads());
    perform(session().on_bytes({}, services().clock()));  // What waited for room for its answers.
    if (*drained) continue;  // There may be more, and it goes before the next block.
    if (session().wants_input() && bundle.ending() == bundle::Ending::open) {
      const Result<void> taken = co_await take_block(bundle);
      if (!taken) co_return taken.error();
    } else if (under_way() > 0) {
      answer_came_.expires_at(net::steady_timer::time_point::max());
      co_await answer_came_.async_wait(no_throw);
    } else if (!has_left) {
      has_left = true;
      perform(session().leave());
    } else {
      break;
    }
  }
  if (exchange_.refusal()) co_return *exchange_.refusal();
  if (!was_heard_) co_return Error{ErrorCode::malformed, "the bundle holds no greeting"};
  co_return exchange_.finish();
}

Task<Result<void>> BundleDriver::take_block(bundle::BundleOpener& bundle) {
  using Block = Result<std::optional<events::Bytes>>;
  std::function<Block()> open_next = [&bundle] { return bundle.next(); };
  const Block block = co_await on_file_thread<Block>(services().file_thread, std::move(open_next));
  if (!block) co_return block.error();
  if (!*block) co_return Result<void>{};
  was_heard_ = was_heard_ || !(*block)->empty();
  perform(session().on_bytes(**block, services().clock()));
  co_return Result<void>{};
}

void BundleDriver::broke() {
  is_broken_ = true;
  answer_came_.cancel();
}

void BundleDriver::changed(bool has_opened) {
  if (has_opened) ask_for_wanted_files();
  answer_came_.cancel();
}

}  // namespace server
