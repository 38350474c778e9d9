#include "server/session/listener.h"

#include "server/logging.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <utility>

namespace server {
namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
/// How long to wait when there are no file descriptors left.
constexpr std::chrono::milliseconds accept_pause{100};

}  // namespace

Listener::Listener(net::ip::tcp::acceptor acceptor, NetworkExecutor network, Services& services,
                   ConnectionLimits limits)
    : acceptor_(std::move(acceptor)), network_(network), services_(services), limits_(limits) {}

Task<> Listener::run() {
  std::uint64_t number = 0;
  net::steady_timer pause(acceptor_.get_executor());
  while (!is_closed_) {
    const net::any_io_executor strand = net::make_strand(network_.executor);
    auto [error, socket] = co_await acceptor_.async_accept(strand, no_throw);
    if (is_closed_) co_return;
    if (error) {
      log_warning("accept_failed", {{"error", error.message()}});
      pause.expires_after(accept_pause);
      co_await pause.async_wait(no_throw);
      continue;
    }
    // A peer that is one too many is closed without a word, which costs nothing.
    if (connections_.load() >= limits_.sessions_max) continue;
    ++connections_;
    net::co_spawn(strand, serve(std::move(socket), ++number), net::detached);
  }
}

Task<> Listener::serve(net::ip::tcp::socket socket, std::uint64_t number) {
  co_await serve_connection(std::move(socket), number, services_, limits_);
  --connections_;
}

void Listener::close() {
  is_closed_ = true;
  net::post(acceptor_.get_executor(), [this] {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
  });
}

}  // namespace server
