#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace network {

namespace asio = boost::asio;
using boost::system::error_code;

/// A completion handler whose type is forgotten, so that what it waits for is compiled once.
class Operation {
 public:
  virtual ~Operation() = default;
  /// Calls the handler, on its own executor, and ends the operation: it is empty afterwards.
  virtual void complete(error_code code, std::size_t size) = 0;
};

template <class Handler>
class HandlerOperation final : public Operation {
 public:
  HandlerOperation(Handler handler, const asio::any_io_executor& executor)
      : handler_(std::move(handler)), work_(asio::get_associated_executor(handler_, executor)) {}

  void complete(error_code code, std::size_t size) override {
    auto call = [handler = std::move(handler_), code, size]() mutable {
      std::move(handler)(code, size);
    };
    asio::dispatch(work_.get_executor(), std::move(call));
  }

 private:
  Handler handler_;
  asio::executor_work_guard<asio::associated_executor_t<Handler, asio::any_io_executor>> work_;
};

}  // namespace network
