#include "server/channels/page_channel.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace server {
namespace {

constexpr auto no_throw = net::as_tuple(net::use_awaitable);

/// Takes what was sent off the texts, in their order.
void remove_sent(std::array<std::string_view, 2>& texts, std::size_t sent) {
  for (std::string_view& text : texts) {
    const std::size_t here = std::min(sent, text.size());
    text.remove_prefix(here);
    sent -= here;
  }
}

}  // namespace

Task<bool> send_page(network::Transport& stream, const PageAnswer& answer, bool keeps_alive,
                     PagePace pace) {
  using Clock = network::Transport::Clock;
  const std::string head = head_of(answer, keeps_alive);
  const std::string_view body = answer.text.empty() ? answer.body : std::string_view(answer.text);
  std::array<std::string_view, 2> left{head, body};
  const auto end = Clock::now() + pace.answer;
  auto window_end = Clock::now() + pace.window;
  std::size_t in_window = 0;
  while (!left[0].empty() || !left[1].empty()) {
    stream.expires_after(std::min(window_end, end) - Clock::now());
    const std::array<net::const_buffer, 2> buffers{net::buffer(left[0]), net::buffer(left[1])};
    const auto [error, sent] = co_await stream.async_write_some(buffers, no_throw);
    if (error) co_return false;
    remove_sent(left, sent);
    in_window += sent;
    if (in_window < pace.window_bytes) continue;
    in_window = 0;
    window_end = Clock::now() + pace.window;
  }
  co_return true;
}

}  // namespace server
