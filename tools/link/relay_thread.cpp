#include "tools/link/relay_thread.h"

#include <boost/asio/post.hpp>

#include <future>

namespace link_emulator {

namespace net = boost::asio;

RelayThread::RelayThread(std::uint16_t server_port, const Profile& profile)
    : relay_(context_.get_executor(),
             net::ip::tcp::acceptor(context_, {net::ip::address_v4::loopback(), 0}),
             {net::ip::address_v4::loopback(), server_port}, profile),
      port_(relay_.port()),
      url_("ws://127.0.0.1:" + std::to_string(port_)) {
  relay_.start();
  thread_ = std::thread([this] { context_.run(); });
}

RelayThread::~RelayThread() {
  net::post(context_, [this] {
    relay_.stop();
    context_.stop();
  });
  thread_.join();
}

void RelayThread::stall(bool up, bool down) {
  net::post(context_, [this, up, down] { relay_.stall(up, down); });
}

void RelayThread::cut_all() {
  net::post(context_, [this] { relay_.cut_all(); });
}

Carried RelayThread::carried() {
  std::promise<Carried> promise;
  net::post(context_, [&] { promise.set_value(relay_.carried()); });
  return promise.get_future().get();
}

}  // namespace link_emulator
