#pragma once

#include "server/base/executors.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <functional>
#include <utility>

namespace server {

template <class T>
Task<T> run_here(std::function<T()> work) {
  co_return work();
}

/// Runs `work`, which may wait for the disk, on the file thread, and goes on with its answer where
/// the caller was.  What `work` throws comes back, too.
///
/// Lifetime: what `work` refers to, until the call returns.
template <class T>
Task<T> on_file_thread(const FileExecutor& file_thread, std::function<T()> work) {
  Task<T> hop = run_here<T>(std::move(work));
  co_return co_await net::co_spawn(file_thread.executor, std::move(hop), net::use_awaitable);
}

}  // namespace server
