#pragma once

#include "events/protocol/channel_binding.h"
#include "platform/net/operation.h"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/role.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>

struct ssl_st;

namespace network {

/// How OpenSSL's connection object is freed.
struct SslDeleter {
  void operator()(ssl_st* ssl) const noexcept;
};
using SslPointer = std::unique_ptr<ssl_st, SslDeleter>;

/// A TCP connection, in plain text or in TLS: one stream type for both, so that what stands on it
/// is compiled once.  TLS works on the socket itself and keeps no buffers of its own while nothing
/// is under way, which Asio's stream does (four of 17 KB each).
///
/// State: plain text until `use_tls`; then `async_handshake` comes first.
/// Thread: one at a time: the executor of its socket runs one handler at a time.
/// Errors of TLS arrive as `protocol_error`; `tls_problem` says more.
class Transport {
 public:
  using executor_type = asio::any_io_executor;
  using tcp = asio::ip::tcp;
  using Clock = std::chrono::steady_clock;

  /// A write takes at most so many buffers at once.
  static constexpr std::size_t buffers_max = 8;
  using ConstBuffers = std::array<asio::const_buffer, buffers_max>;

  explicit Transport(const asio::any_io_executor& executor);
  explicit Transport(tcp::socket socket);
  ~Transport();
  Transport(Transport&& other) noexcept;
  Transport& operator=(Transport&& other) = delete;

  executor_type get_executor() const noexcept;
  tcp::socket& socket();
  /// After the socket is connected: no delay, a bounded send buffer, and no more than 8 KB that
  /// the line has not taken, so that what is urgent does not wait behind what the kernel holds.
  void tune();

  /// `ssl` knows which end it is.
  void use_tls(SslPointer ssl);
  ssl_st* ssl() const;
  /// What only the two ends of this TLS connection know; nothing in plain text.
  std::optional<events::protocol::ChannelBinding> binding() const;
  /// Why TLS failed, in OpenSSL's words; empty when it did not.
  const std::string& tls_problem() const;

  /// Bytes of the stream, without those that TLS adds.
  std::uint64_t bytes_read() const;
  std::uint64_t bytes_written() const;
  /// When anything last came in.
  Clock::time_point heard_at() const;

  /// Ends everything under way with `operation_aborted`.
  void close();
  /// Closes the connection from any thread, if it is still there when its turn comes.
  std::function<void()> closer() const;
  /// Closes it after that time, unless told otherwise before.
  void expires_after(Clock::duration time);
  void expires_never();

  /// Completion: void(error_code, std::size_t), the size without meaning.
  template <class Token>
  auto async_handshake(Token&& token) {
    return start(token, [](Transport& self, OperationPointer operation) {
      self.start_handshake(std::move(operation));
    });
  }
  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return start(token, [buffer = first_of(buffers)](Transport& self, OperationPointer operation) {
      self.start_read(buffer, std::move(operation));
    });
  }
  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return start(token, [some = some_of(buffers)](Transport& self, OperationPointer operation) {
      self.start_write(some, std::move(operation));
    });
  }
  /// Says that nothing more will be sent, and waits until the other side has closed.
  template <class Token>
  auto async_shut_down(Token&& token) {
    return start(token, [](Transport& self, OperationPointer operation) {
      self.start_shutdown(std::move(operation));
    });
  }

 private:
  struct State;
  using OperationPointer = std::unique_ptr<Operation>;

  template <class Token, class Start>
  auto start(Token& token, Start begin) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this, begin](auto handler) {
          using Handler = decltype(handler);
          begin(*this,
                std::make_unique<HandlerOperation<Handler>>(std::move(handler), get_executor()));
        },
        token);
  }

  template <class Buffers>
  static asio::mutable_buffer first_of(const Buffers& buffers) {
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto buffer = asio::buffer_sequence_begin(buffers); buffer != end; ++buffer) {
      const asio::mutable_buffer one(*buffer);
      if (one.size() > 0) return one;
    }
    return {};
  }
  template <class Buffers>
  static ConstBuffers some_of(const Buffers& buffers) {
    ConstBuffers some;
    std::size_t count = 0;
    const auto end = asio::buffer_sequence_end(buffers);
    for (auto buffer = asio::buffer_sequence_begin(buffers); buffer != end && count < buffers_max;
         ++buffer) {
      const asio::const_buffer one(*buffer);
      if (one.size() > 0) some[count++] = one;
    }
    return some;
  }

  void start_handshake(OperationPointer operation);
  void start_read(asio::mutable_buffer buffer, OperationPointer operation);
  void start_write(const ConstBuffers& buffers, OperationPointer operation);
  void start_shutdown(OperationPointer operation);

  std::shared_ptr<State> state_;  // Waiting handlers hold it, too.
};

// ---- what Beast asks of a stream that is not one of its own ----

void beast_close_socket(Transport& transport);
void teardown(boost::beast::role_type role, Transport& transport, error_code& code);
template <class Handler>
void async_teardown(boost::beast::role_type /*role*/, Transport& transport, Handler&& handler) {
  const auto executor = asio::get_associated_executor(handler, transport.get_executor());
  auto done = [handler = std::forward<Handler>(handler)](const error_code& code,
                                                         std::size_t) mutable { handler(code); };
  transport.async_shut_down(asio::bind_executor(executor, std::move(done)));
}

}  // namespace network
