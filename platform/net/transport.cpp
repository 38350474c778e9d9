#include "platform/net/transport.h"

#include "events/base/check.h"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <vector>

namespace network {

using events::protocol::ChannelBinding;

namespace {

/// What the kernel may hold of one connection in each direction; half of it is its own overhead.
constexpr int send_buffer_bytes = 64 * 1024;
/// Bytes that the line has not taken yet, above which nothing more is given to the kernel.
constexpr int not_sent_bytes = 8 * 1024;
/// What goes into one TLS record: half a second of a 64 kbit/s line, since the other side can read
/// a record only when all of it has come.
constexpr std::size_t record_bytes = 4 * 1024;

int write_quietly(BIO* bio, const char* data, int size) {
  int file = -1;
  BIO_get_fd(bio, &file);
  const auto sent = static_cast<int>(
      ::send(file, data, static_cast<std::size_t>(size), MSG_NOSIGNAL | MSG_DONTWAIT));
  BIO_clear_retry_flags(bio);
  if (sent <= 0 && BIO_sock_should_retry(sent) != 0) BIO_set_retry_write(bio);
  return sent;
}

/// OpenSSL's own way to a socket ends the process by SIGPIPE when the other side has gone.
const BIO_METHOD* quiet_socket() {
  static const BIO_METHOD* const method = [] {
    const BIO_METHOD* const socket = BIO_s_socket();
    BIO_METHOD* const quiet =
        BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "quiet");
    CHECK(quiet != nullptr, "OpenSSL has memory for one more method");
    BIO_meth_set_write(quiet, write_quietly);
    BIO_meth_set_read(quiet, BIO_meth_get_read(socket));
    BIO_meth_set_ctrl(quiet, BIO_meth_get_ctrl(socket));
    BIO_meth_set_create(quiet, BIO_meth_get_create(socket));
    BIO_meth_set_destroy(quiet, BIO_meth_get_destroy(socket));
    return quiet;
  }();
  return method;
}

}  // namespace

void SslDeleter::operator()(ssl_st* ssl) const noexcept { SSL_free(ssl); }

/// State: at most one operation reads and one writes; a handshake and a shutdown read.
struct Transport::State : std::enable_shared_from_this<Transport::State> {
  using Step = void (State::*)();
  enum class Outcome { done, wait_read, wait_write };

  tcp::socket socket;
  SslPointer ssl;
  std::string problem;
  std::uint64_t read = 0;
  std::uint64_t written = 0;
  Clock::time_point heard = Clock::now();

  std::optional<asio::steady_timer> deadline;

  OperationPointer reading;
  asio::mutable_buffer target;
  OperationPointer writing;
  ConstBuffers source;
  std::vector<std::uint8_t> record;  // Of TLS: the bytes of a write until it has ended.

  explicit State(tcp::socket connected) : socket(std::move(connected)) {}

  // ---- one try each; the size is meant when the outcome is done ----

  Outcome try_read(error_code& code, std::size_t& size) {
    if (ssl != nullptr) {
      ERR_clear_error();
      return outcome_of(SSL_read_ex(ssl.get(), target.data(), target.size(), &size), code);
    }
    size = socket.read_some(asio::buffer(target), code);
    return is_blocked(code) ? Outcome::wait_read : Outcome::done;
  }

  Outcome try_write(error_code& code, std::size_t& size) {
    if (ssl != nullptr) {
      ERR_clear_error();
      return outcome_of(SSL_write_ex(ssl.get(), record.data(), record.size(), &size), code);
    }
    size = socket.write_some(source, code);
    return is_blocked(code) ? Outcome::wait_write : Outcome::done;
  }

  static bool is_blocked(const error_code& code) {
    return code == asio::error::would_block || code == asio::error::try_again;
  }

  Outcome outcome_of(int succeeded, error_code& code) {
    if (succeeded == 1) return Outcome::done;
    switch (SSL_get_error(ssl.get(), succeeded)) {
      case SSL_ERROR_WANT_READ:
        return Outcome::wait_read;
      case SSL_ERROR_WANT_WRITE:
        return Outcome::wait_write;
      case SSL_ERROR_ZERO_RETURN:
        code = asio::error::eof;
        break;
      case SSL_ERROR_SYSCALL:
        code = errno == 0 ? error_code(asio::error::eof)
                          : error_code(errno, boost::system::system_category());
        break;
      default:
        // A line that is cut says nothing about who is at its other end.
        if (ERR_GET_REASON(ERR_peek_last_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING) {
          code = asio::error::eof;
          break;
        }
        note_problem();
        code = make_error_code(boost::system::errc::protocol_error);
    }
    return Outcome::done;
  }

  void note_problem() {
    const unsigned long reason = ERR_peek_last_error();
    const char* const text = ERR_reason_error_string(reason);
    problem = text == nullptr ? "TLS failed" : text;
    const long verified = SSL_get_verify_result(ssl.get());
    if (verified != X509_V_OK) problem = X509_verify_cert_error_string(verified);
  }

  // ---- operations: tried once at the beginning, then whenever the socket is ready ----

  /// What the socket calls when it is ready.  A loop that ends destroys it uncalled: then the
  /// operations go with it, since they hold the coroutine that holds this state.
  struct Waiter {
    std::shared_ptr<State> self;
    Step step;

    Waiter(std::shared_ptr<State> state, Step next) : self(std::move(state)), step(next) {}
    Waiter(Waiter&&) noexcept = default;
    Waiter& operator=(Waiter&&) = delete;
    ~Waiter() {
      if (self) self->abandon();
    }
    void operator()(const error_code& code) {
      const auto state = std::move(self);
      code ? state->fail(code) : ((*state).*step)();
    }
  };

  void wait(Outcome outcome, Step step) {
    const auto kind =
        outcome == Outcome::wait_read ? tcp::socket::wait_read : tcp::socket::wait_write;
    socket.async_wait(kind, Waiter(shared_from_this(), step));
  }

  /// Nobody will be told anything any more.
  void abandon() {
    const OperationPointer read_over = std::move(reading);
    const OperationPointer write_over = std::move(writing);
  }

  /// The socket is closed: nothing will come of either.
  void fail(const error_code& code) {
    finish(reading, code, 0);
    finish(writing, code, 0);
  }

  static void finish(OperationPointer& pending, const error_code& code, std::size_t size) {
    if (const OperationPointer operation = std::move(pending)) operation->complete(code, size);
  }

  /// For the first try: a handler is never called by the function that it was given to.
  void finish_later(OperationPointer& pending, const error_code& code, std::size_t size) {
    auto finish_it = [operation = std::move(pending), code, size] {
      operation->complete(code, size);
    };
    asio::post(socket.get_executor(), std::move(finish_it));
  }

  void read_on() { read_step(false); }
  void read_step(bool is_first) {
    if (!reading) return;
    error_code code;
    std::size_t size = 0;
    if (const Outcome outcome = try_read(code, size); outcome != Outcome::done) {
      return wait(outcome, &State::read_on);
    }
    if (!code) heard = Clock::now();
    read += size;
    is_first ? finish_later(reading, code, size) : finish(reading, code, size);
  }

  void write_on() { write_step(false); }
  void write_step(bool is_first) {
    if (!writing) return;
    error_code code;
    std::size_t size = 0;
    if (const Outcome outcome = try_write(code, size); outcome != Outcome::done) {
      return wait(outcome, &State::write_on);
    }
    written += size;
    std::vector<std::uint8_t>().swap(record);
    is_first ? finish_later(writing, code, size) : finish(writing, code, size);
  }

  void shake_hands() { handshake_step(false); }
  void handshake_step(bool is_first) {
    if (!reading) return;
    error_code code;
    ERR_clear_error();
    const Outcome outcome = outcome_of(SSL_do_handshake(ssl.get()), code);
    if (outcome != Outcome::done) return wait(outcome, &State::shake_hands);
    heard = Clock::now();
    is_first ? finish_later(reading, code, 0) : finish(reading, code, 0);
  }

  /// What still comes is thrown away, or the kernel would tell the other side of a reset before it
  /// has read our last words.
  void drain() {
    if (!reading) return;
    std::array<std::uint8_t, 4096> thrown_away;
    error_code code;
    while (!code) socket.read_some(asio::buffer(thrown_away), code);
    if (is_blocked(code)) return wait(Outcome::wait_read, &State::drain);
    if (code == asio::error::eof) code = {};
    error_code ignored;
    socket.close(ignored);
    finish(reading, code, 0);
  }

  /// One record's worth of what is to be written, in one piece: a message's head does not get a
  /// record of its own.
  void gather() {
    record.clear();
    for (const asio::const_buffer& buffer : source) {
      const auto* const data = static_cast<const std::uint8_t*>(buffer.data());
      const std::size_t size = std::min(buffer.size(), record_bytes - record.size());
      record.insert(record.end(), data, data + size);
    }
  }
};

Transport::Transport(const asio::any_io_executor& executor) : Transport(tcp::socket(executor)) {}

Transport::Transport(tcp::socket socket) : state_(std::make_shared<State>(std::move(socket))) {
  if (state_->socket.is_open()) tune();
}

Transport::~Transport() {
  if (state_) close();
}

Transport::Transport(Transport&& other) noexcept = default;

Transport::executor_type Transport::get_executor() const noexcept {
  return state_->socket.get_executor();
}
Transport::tcp::socket& Transport::socket() { return state_->socket; }

void Transport::tune() {
  tcp::socket& socket = state_->socket;
  error_code ignored;
  socket.non_blocking(true, ignored);
  socket.set_option(tcp::no_delay(true), ignored);
  socket.set_option(asio::socket_base::send_buffer_size(send_buffer_bytes), ignored);
  using NotSent = asio::detail::socket_option::integer<IPPROTO_TCP, TCP_NOTSENT_LOWAT>;
  socket.set_option(NotSent(not_sent_bytes), ignored);
}

void Transport::use_tls(SslPointer ssl) {
  SSL_set_mode(ssl.get(), SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
  BIO* const bio = BIO_new(quiet_socket());
  CHECK(bio != nullptr, "OpenSSL has memory for one more connection");
  BIO_set_fd(bio, state_->socket.native_handle(), BIO_NOCLOSE);
  SSL_set_bio(ssl.get(), bio, bio);
  state_->ssl = std::move(ssl);
}

ssl_st* Transport::ssl() const { return state_->ssl.get(); }

std::optional<ChannelBinding> Transport::binding() const {
  if (!state_->ssl) return std::nullopt;
  using events::protocol::binding_label;
  ChannelBinding binding;
  const int exported = SSL_export_keying_material(
      state_->ssl.get(), binding.bytes.data(), binding.bytes.size(), binding_label.data(),
      binding_label.size(), nullptr, 0, /*use_context=*/0);
  CHECK(exported == 1, "after the handshake TLS 1.3 has an exporter");
  return binding;
}

const std::string& Transport::tls_problem() const { return state_->problem; }
std::uint64_t Transport::bytes_read() const { return state_->read; }
std::uint64_t Transport::bytes_written() const { return state_->written; }
Transport::Clock::time_point Transport::heard_at() const { return state_->heard; }

void Transport::close() {
  error_code ignored;
  state_->socket.close(ignored);
}

std::function<void()> Transport::closer() const {
  return [weak = std::weak_ptr(state_)] {
    const auto state = weak.lock();
    if (!state) return;
    asio::post(state->socket.get_executor(), [state] {
      error_code ignored;
      state->socket.close(ignored);
    });
  };
}

void Transport::expires_after(Clock::duration time) {
  state_->deadline.emplace(state_->socket.get_executor(), time);
  state_->deadline->async_wait(
      [weak = std::weak_ptr(state_), until = state_->deadline->expiry()](const error_code& code) {
        const auto state = weak.lock();
        // It may have been renewed while this was on its way.
        if (code || !state || !state->deadline || state->deadline->expiry() != until) return;
        error_code ignored;
        state->socket.close(ignored);
      });
}

void Transport::expires_never() { state_->deadline.reset(); }

void Transport::start_handshake(OperationPointer operation) {
  state_->reading = std::move(operation);
  state_->handshake_step(true);
}

void Transport::start_read(asio::mutable_buffer buffer, OperationPointer operation) {
  state_->reading = std::move(operation);
  state_->target = buffer;
  if (buffer.size() == 0) return state_->finish_later(state_->reading, {}, 0);
  state_->read_step(true);
}

void Transport::start_write(const ConstBuffers& buffers, OperationPointer operation) {
  state_->writing = std::move(operation);
  state_->source = buffers;
  if (asio::buffer_size(buffers) == 0) return state_->finish_later(state_->writing, {}, 0);
  if (state_->ssl) state_->gather();
  state_->write_step(true);
}

void Transport::start_shutdown(OperationPointer operation) {
  State& state = *state_;
  state.reading = std::move(operation);
  if (state.ssl && SSL_is_init_finished(state.ssl.get()) != 0) SSL_shutdown(state.ssl.get());
  error_code code;
  state.socket.shutdown(tcp::socket::shutdown_send, code);
  auto drain = [self = state.shared_from_this()] { self->drain(); };
  asio::post(state.socket.get_executor(), std::move(drain));
}

// ---- what Beast asks ----

void beast_close_socket(Transport& transport) { transport.close(); }

void teardown(boost::beast::role_type /*role*/, Transport& transport, error_code& code) {
  transport.socket().shutdown(Transport::tcp::socket::shutdown_both, code);
}

}  // namespace network
