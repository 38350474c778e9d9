#include "clients/cli/bundle_post.h"

#include "clients/cli/bundle_file.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t chunk_bytes = 32 * 1024;
/// For one chunk on a line of 64 kbit/s, and for the server's work.
constexpr std::chrono::seconds chunk_timeout{60};
constexpr std::chrono::seconds connect_timeout{15};
constexpr std::size_t refusal_bytes_max = 1024;

Error network_error(const beast::error_code& error) {
  const bool is_late = error == beast::error::timeout;
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

/// One handing over, on its own loop.
class Posting {
 public:
  Posting(const ServerAddress& address, BundleFile& bundle, const std::filesystem::path& answer,
          const std::function<void(const PostProgress&)>& on_progress)
      : address_(address), bundle_(bundle), answer_(answer), on_progress_(on_progress) {
    progress_.to_send = bundle.size();
  }

  Result<PostProgress> run() {
    asio::co_spawn(context_, work(), asio::detached);
    context_.run();
    if (error_) return *error_;
    return progress_;
  }

 private:
  asio::awaitable<void> work() {
    asio::ip::tcp::resolver resolver(context_);
    const auto [unknown, places] =
        co_await resolver.async_resolve(address_.host, address_.port, no_throw);
    if (unknown) co_return fail(network_error(unknown));
    stream_.expires_after(connect_timeout);
    const auto [refused, place] = co_await stream_.async_connect(places, no_throw);
    if (refused) co_return fail(network_error(refused));
    co_await send();
    if (!error_) co_await receive();
  }

  asio::awaitable<void> send() {
    http::request<http::buffer_body> request{http::verb::post, "/bundle", 11};
    request.set(http::field::host, address_.host);
    request.set(http::field::content_type, "application/octet-stream");
    request.content_length(bundle_.size());
    request.body().data = nullptr;
    request.body().more = true;
    http::request_serializer<http::buffer_body> serializer(request);
    const auto [head_error, head_size] =
        co_await http::async_write_header(stream_, serializer, no_throw);
    if (head_error) co_return fail(network_error(head_error));
    events::Bytes chunk(chunk_bytes);
    while (!serializer.is_done()) {
      const Result<std::size_t> size = bundle_.read(chunk);
      if (!size) co_return fail(size.error());
      request.body().data = *size == 0 ? nullptr : chunk.data();
      request.body().size = *size;
      request.body().more = *size == chunk.size();
      stream_.expires_after(chunk_timeout);
      const auto [error, sent] = co_await http::async_write(stream_, serializer, no_throw);
      // A server that refuses early closes before it has read all: its answer says why.
      if (error && error != http::error::need_buffer) co_return;
      progress_.sent += *size;
      tell();
    }
  }

  asio::awaitable<void> receive() {
    beast::flat_buffer buffer;
    http::response_parser<http::buffer_body> parser;
    parser.body_limit(boost::none);
    stream_.expires_after(chunk_timeout);
    const auto [head_error, head_size] =
        co_await http::async_read_header(stream_, buffer, parser, no_throw);
    if (head_error) co_return fail(network_error(head_error));
    const unsigned status = parser.get().result_int();
    const bool is_answer = parser.get().result() == http::status::ok;
    std::optional<NewBundleFile> file;
    if (is_answer) {
      Result<NewBundleFile> made = NewBundleFile::make(answer_);
      if (!made) co_return fail(made.error());
      file.emplace(std::move(*made));
    }
    std::string refusal;
    events::Bytes chunk(chunk_bytes);
    while (!parser.is_done()) {
      parser.get().body().data = chunk.data();
      parser.get().body().size = chunk.size();
      stream_.expires_after(chunk_timeout);
      const auto [error, size] = co_await http::async_read(stream_, buffer, parser, no_throw);
      if (error && error != http::error::need_buffer) co_return fail(network_error(error));
      const std::size_t got = chunk.size() - parser.get().body().size;
      progress_.received += got;
      tell();
      if (!file) {
        const std::size_t room = refusal_bytes_max - std::min(refusal_bytes_max, refusal.size());
        refusal.append(reinterpret_cast<const char*>(chunk.data()), std::min(got, room));
      } else if (Result<void> kept = file->append(events::ByteView(chunk).first(got)); !kept) {
        co_return fail(kept.error());
      }
    }
    if (!file) co_return fail(refusal_from(status, refusal));
    if (Result<void> placed = file->put_in_place(); !placed) fail(placed.error());
  }

  void fail(Error error) { error_ = std::move(error); }
  void tell() const {
    if (on_progress_) on_progress_(progress_);
  }

  const ServerAddress& address_;
  BundleFile& bundle_;
  const std::filesystem::path& answer_;
  const std::function<void(const PostProgress&)>& on_progress_;
  PostProgress progress_;
  std::optional<Error> error_;
  asio::io_context context_{1};
  beast::tcp_stream stream_{context_};
};

}  // namespace

Result<PostProgress> post_bundle(const ServerAddress& address, const std::filesystem::path& bundle,
                                 const std::filesystem::path& answer,
                                 const std::function<void(const PostProgress&)>& on_progress) {
  if (address.tls) {
    return Error{
        ErrorCode::unsupported,
        "bundles are sealed and go over ws://; this program does not post them over wss://"};
  }
  const Result<std::unique_ptr<BundleFile>> file = BundleFile::open(bundle);
  if (!file) return file.error();
  Posting posting(address, **file, answer, on_progress);
  return posting.run();
}

}  // namespace clients
