#include "server/channels/listener.h"

#include "server/base/logging.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace server {
namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
/// How long to wait when there are no file descriptors left.
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

void allow_connections(std::size_t connections) {
  constexpr rlim_t other_files = 512;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0) return;
  const rlim_t wanted = connections + other_files;
  files.rlim_max = std::max(files.rlim_max, wanted);
  if (files.rlim_cur >= wanted) return;
  files.rlim_cur = wanted;
  if (setrlimit(RLIMIT_NOFILE, &files) == 0) return;
  // Only root may raise the upper limit.
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < connections) {
    log_warning("few_files", {{"limit", files.rlim_cur}, {"wanted", wanted}});
  }
}

Listener::Listener(std::vector<Door> doors, NetworkExecutor network, Services& services,
                   ConnectionLimits limits)
    : doors_(std::move(doors)),
      minute_(network.executor),
      network_(std::move(network)),
      services_(services),
      limits_(limits) {}

Task<> Listener::run(std::size_t door) {
  auto& [acceptor, is_plain] = doors_[door];
  net::steady_timer pause(network_.executor);
  while (!is_closed_) {
    const net::any_io_executor strand = net::make_strand(network_.executor);
    auto [error, socket] = co_await acceptor.async_accept(strand, no_throw);
    if (is_closed_) co_return;
    if (error) {
      services_.security.note("accept_failed", PeerAddress(), error.message());
      pause.expires_after(accept_pause);
      co_await pause.async_wait(no_throw);
      continue;
    }
    receive(std::move(socket), is_plain);
  }
}

void Listener::receive(net::ip::tcp::socket socket, bool is_plain) {
  boost::system::error_code gone;
  const net::ip::tcp::endpoint remote = socket.remote_endpoint(gone);
  if (gone) return;
  const std::uint64_t number = ++last_number_;
  Caller caller{number, PeerAddress(remote.address()), is_plain};
  network::Transport stream(std::move(socket));
  auto cut = [close = stream.closer(), &security = services_.security, from = caller.address] {
    security.note("pushed_out", from, "no_greeting");
    close();
  };
  auto place = std::make_unique<Place>(connections_, services_.gate, number);
  if (services_.gate.enter(number, caller.address, std::move(cut)) ==
      ConnectionGate::Answer::full) {
    // A peer that is one too many is closed without a word, which costs nothing.
    return services_.security.note("full", caller.address, "busy");
  }
  const net::any_io_executor strand = stream.get_executor();
  auto served = serve(std::move(stream), std::move(caller), std::move(place));
  net::co_spawn(strand, std::move(served), [number](const std::exception_ptr& thrown) {
    if (!thrown) return;
    try {
      std::rethrow_exception(thrown);
    } catch (const std::exception& exception) {
      log_error("connection_broke", {{"session", number}, {"error", exception.what()}});
    }
  });
}

Task<> Listener::serve(network::Transport stream, Caller caller, std::unique_ptr<Place> place) {
  const std::unique_ptr<Place> kept = std::move(place);
  co_await serve_connection(std::move(stream), std::move(caller), services_, limits_);
}

Task<> Listener::report() {
  while (!is_closed_) {
    minute_.expires_after(std::chrono::minutes(1));
    co_await minute_.async_wait(no_throw);
    services_.security.write();
  }
}

void Listener::close() {
  is_closed_ = true;
  net::post(network_.executor, [this] {
    boost::system::error_code ignored;
    for (Door& door : doors_) door.acceptor.close(ignored);
    minute_.cancel();
  });
}

}  // namespace server
