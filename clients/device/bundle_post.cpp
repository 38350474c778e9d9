#include "clients/device/bundle_post.h"

#include "clients/device/bundle_file.h"
#include "clients/device/interrupt_guard.h"

#include <boost/asio/buffer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace asio = boost::asio;
namespace http = boost::beast::http;
using network::error_code;

namespace {

constexpr std::size_t chunk_bytes = 32 * 1024;
/// For one chunk on a line of 64 kbit/s, and for the server's work.
constexpr std::chrono::seconds chunk_timeout{60};
constexpr std::chrono::seconds connect_timeout{15};
/// What the server makes durable in a second, at least.
constexpr std::uint64_t server_bytes_per_second = 512 * 1024;
constexpr std::size_t refusal_bytes_max = 1024;

Error network_error(const error_code& error) {
  const bool is_late = error == asio::error::timed_out;
  return {is_late ? ErrorCode::timed_out : ErrorCode::io_failed, error.message()};
}

/// "<error code>: <why>", as the server says it.
Error refusal_from(unsigned status, const std::string& text) {
  const std::string name = text.substr(0, text.find(':'));
  for (unsigned number = 1; number < 64; ++number) {
    const auto code = static_cast<ErrorCode>(number);
    if (events::name_of(code) == name) return {code, text.substr(0, text.find('\n'))};
  }
  return {ErrorCode::io_failed, "the server answers with status " + std::to_string(status)};
}

/// One handing over.
class Posting {
 public:
  Posting(Connection& connection, const ServerAddress& address, BundleFile& bundle,
          const AnswerFile& answer, const std::function<void(const PostProgress&)>& on_progress)
      : connection_(connection),
        address_(address),
        bundle_(bundle),
        answer_(answer),
        on_progress_(on_progress) {
    progress_.to_send = bundle.size();
  }

  Result<PostProgress> run() {
    if (Result<void> sent = send(); !sent) return sent.error();
    if (Result<void> received = receive(); !received) return received.error();
    return progress_;
  }

 private:
  Result<void> send() {
    const std::string head = "POST /bundle HTTP/1.1\r\nHost: " + address_.authority() +
                             "\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
                             std::to_string(bundle_.size()) + "\r\n\r\n";
    if (const error_code code = write(asio::buffer(head))) return network_error(code);
    events::Bytes chunk(chunk_bytes);
    for (;;) {
      const Result<std::size_t> size = bundle_.read(chunk);
      if (!size) return size.error();
      if (*size == 0) return {};
      // A server that refuses early closes before it has read all: its answer says why.
      if (write(asio::buffer(chunk, *size))) return {};
      progress_.sent += *size;
      tell();
    }
  }

  Result<void> receive() {
    http::response_parser<http::buffer_body> parser;
    parser.eager(true);
    parser.body_limit(boost::none);
    std::optional<platform::NewFile> file;
    std::string refusal;
    std::string unread;
    events::Bytes chunk(chunk_bytes);
    const InterruptGuard guard;  // From here on half an answer may lie beside its place.
    while (!parser.is_done()) {
      if (InterruptGuard::interrupted()) return Error{ErrorCode::closed, "interrupted"};
      parser.get().body().data = chunk.data();
      parser.get().body().size = chunk.size();
      parser.get().body().more = true;
      error_code wrong;
      unread.erase(0, parser.put(asio::buffer(unread), wrong));
      if (wrong && wrong != http::error::need_more && wrong != http::error::need_buffer) {
        return network_error(wrong);
      }
      const std::size_t got = chunk.size() - parser.get().body().size;
      const bool is_answer = parser.is_header_done() && parser.get().result() == http::status::ok;
      if (is_answer && !file) {
        Result<platform::NewFile> made = platform::NewFile::make(answer_.path, answer_.options);
        if (!made) return made.error();
        file.emplace(std::move(*made));
      }
      if (got > 0) {
        progress_.received += got;
        tell();
        const events::ByteView bytes = events::ByteView(chunk).first(got);
        if (file) {
          if (Result<void> kept = file->append(bytes); !kept) return kept;
        } else if (refusal.size() + got <= refusal_bytes_max) {
          refusal.append(bytes.begin(), bytes.end());
        }
      }
      if (parser.is_done()) break;
      if (wrong != http::error::need_more && !unread.empty()) continue;
      if (const error_code code = read_more(unread)) return network_error(code);
    }
    if (!file) return refusal_from(parser.get().result_int(), refusal);
    return file->put_in_place();
  }

  template <class Buffer>
  error_code write(const Buffer& bytes) {
    return connection_.wait_for(
        [&](auto handler) { asio::async_write(connection_.transport(), bytes, handler); },
        chunk_timeout);
  }

  error_code read_more(std::string& unread) {
    std::array<char, 4096> piece;
    std::size_t size = 0;
    const auto read = [&](auto handler) {
      connection_.transport().async_read_some(
          asio::buffer(piece), [&size, handler](const error_code& code, std::size_t count) {
            size = count;
            handler(code);
          });
    };
    // The answer begins when the last file of the bundle is on the server's disk.
    const std::chrono::seconds work(
        progress_.received == 0 ? bundle_.size() / server_bytes_per_second : 0);
    const error_code code = connection_.wait_for(read, chunk_timeout + work);
    if (!code) unread.append(piece.data(), size);
    return code;
  }

  void tell() const {
    if (on_progress_) on_progress_(progress_);
  }

  Connection& connection_;
  const ServerAddress& address_;
  BundleFile& bundle_;
  const AnswerFile& answer_;
  const std::function<void(const PostProgress&)>& on_progress_;
  PostProgress progress_;
};

}  // namespace

Result<PostProgress> post_bundle(const ServerAddress& address, const ConnectionOptions& options,
                                 const std::filesystem::path& bundle, const AnswerFile& answer,
                                 const std::function<void(const PostProgress&)>& on_progress) {
  const Result<std::unique_ptr<BundleFile>> file = BundleFile::open(bundle);
  if (!file) return file.error();
  Result<std::unique_ptr<Connection>> connection =
      Connection::connect(address, options, connect_timeout);
  if (!connection) return connection.error();
  Posting posting(**connection, address, **file, answer, on_progress);
  return posting.run();
}

}  // namespace clients
