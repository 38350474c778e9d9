#pragma once

#include <boost/asio/awaitable.hpp>

namespace server {

namespace net = boost::asio;

/// A coroutine's result; whoever awaits it resumes on its own executor.
template <class T = void>
using Task = net::awaitable<T>;

}  // namespace server
