#include "clients/core/sync/backoff.h"
#include "clients/device/device.h"
#include "platform/clock.h"
#include "platform/random.h"

#include <utility>

// How a device follows totals and dossier statuses.

namespace clients {

using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};
/// How long one wait for a frame lasts before the caller is asked whether to go on.
constexpr std::chrono::milliseconds wait_step{250};

}  // namespace

Result<void> Device::follow(const std::string& url, SummaryReader& reader,
                            const SyncOptions& options, const std::function<void()>& on_news) {
  const Result<ServerAddress> address = address_of(url, options.insecure_plain);
  if (!address) return address.error();
  Backoff backoff(Backoff::Limits{});
  bool was_there = false;
  while (options.keep_going()) {
    const events::Position before = reader.upto();
    Result<void> done = read_summaries(*address, reader, options, on_news);
    if (done) return done;
    was_there = was_there || reader.upto() > before;
    // The first try of somebody who waits at the screen fails at once.
    if (!was_there || !may_pass(done.error().code)) return done;
    if (reader.upto() > before) backoff.reset();
    const std::chrono::milliseconds rest =
        backoff.next(platform::random_number(), std::chrono::milliseconds{0});
    if (options.on_cut) options.on_cut(done.error(), rest);
    pause(rest, options);
  }
  return {};
}

Result<void> Device::read_summaries(const ServerAddress& address, SummaryReader& reader,
                                    const SyncOptions& options,
                                    const std::function<void()>& on_news) {
  const Greeter greeter =
      [&](const std::optional<protocol::ChannelBinding>& binding) -> Result<protocol::Message> {
    Result<protocol::Hello> hello =
        reader.greeting(platform::now(), platform::random_16(), binding);
    if (!hello) return hello.error();
    return protocol::Message{std::move(*hello)};
  };
  auto client = WsClient::connect(address, endpoint_.line(), greeter, connect_timeout, {});
  if (!client) return client.error();
  bool was_answered = false;
  while (options.keep_going()) {
    const auto frames = (*client)->receive(wait_step);
    if (!frames) return frames.error();
    if (!*frames) continue;
    for (const protocol::Message& frame : **frames) {
      const Result<bool> news = reader.on_message(frame);
      if (!news) return news.error();
      if (!std::exchange(was_answered, true) && options.on_met) options.on_met();
      if (*news) on_news();
    }
    if (Result<void> sent = (*client)->send(reader.outgoing(), connect_timeout); !sent) return sent;
  }
  (*client)->close();
  return {};
}

}  // namespace clients
