#include "server/session/bundle_channel.h"

#include "server/courier/bundle_desk.h"
#include "server/courier/bundle_exchange.h"
#include "server/logging.h"
#include "server/session/bundle_driver.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace courier = events::courier;
using events::Error;
using events::ErrorCode;
using events::Result;

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
constexpr std::size_t chunk_bytes = 64 * 1024;
/// For one chunk: a line of 64 kbit/s needs eight.
constexpr std::chrono::seconds chunk_timeout{60};

http::status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::too_large:
      return http::status::payload_too_large;
    case ErrorCode::busy:
    case ErrorCode::storage_failed:
    case ErrorCode::io_failed:
      return http::status::service_unavailable;
    case ErrorCode::not_enrolled:
    case ErrorCode::revoked:
      return http::status::forbidden;
    default:
      return http::status::bad_request;
  }
}

/// One bundle that was handed over, from its first byte to the last of its answer.  All of it runs
/// on the connection's strand; the log thread only posts to it.
class PostedBundle : public std::enable_shared_from_this<PostedBundle> {
 public:
  PostedBundle(network::Transport& stream, Services& services)
      : stream_(stream), services_(services), answered_(stream.get_executor()) {}

  /// Reads the body into a file.
  Task<Result<void>> receive(beast::flat_buffer& buffer, RequestHead& head) {
    if (head.is_done()) co_return Error{ErrorCode::malformed, "there is no bundle in the request"};
    Result<std::unique_ptr<SpoolFile>> spool = services_.bundles->spool();
    if (!spool) co_return spool.error();
    bundle_ = std::move(*spool);
    http::request_parser<http::buffer_body> parser(std::move(head));
    parser.body_limit(bundle_bytes_max);
    events::Bytes chunk(chunk_bytes);
    while (!parser.is_done()) {
      stream_.expires_after(chunk_timeout);
      parser.get().body().data = chunk.data();
      parser.get().body().size = chunk.size();
      const auto [error, size] = co_await http::async_read(stream_, buffer, parser, no_throw);
      if (error == http::error::body_limit) {
        co_return Error{ErrorCode::too_large, "a bundle of more than 2 GiB"};
      }
      if (error && error != http::error::need_buffer) {
        co_return Error{ErrorCode::closed, error.message()};
      }
      const std::size_t got = chunk.size() - parser.get().body().size;
      Result<void> kept = services_.bundles->check_room();
      if (kept) kept = bundle_->append(events::ByteView(chunk).first(got));
      if (kept && !header_) kept = co_await check_signer();
      if (!kept) co_return kept.error();
    }
    keep_alive_ = parser.get().keep_alive();
    version_ = parser.get().version();
    co_return Result<void>{};
  }

  /// Looks at all of it before any of it is used.
  Task<Result<void>> check() {
    stream_.expires_never();  // From here to the answer nothing depends on the line.
    secret_ = services_.bundles->secret(header_->recipient);
    if (secret_ == nullptr) {
      co_return Error{ErrorCode::malformed, "the bundle is sealed to a key of another server"};
    }
    Result<courier::BundleOpener> opener = courier::BundleOpener::open(*bundle_, *secret_);
    if (!opener) co_return opener.error();
    while (opener->ending() == courier::Ending::open) {
      const Result<std::optional<events::Bytes>> block = opener->next();
      if (!block) co_return block.error();
      co_await net::post(stream_.get_executor(), net::use_awaitable);  // Others get their turn.
    }
    was_cut_ = opener->ending() == courier::Ending::truncated;
    co_return Result<void>{};
  }

  /// Carries its blocks through a session, and what the session says into the answer.
  Task<Result<void>> exchange() {
    Result<std::unique_ptr<SpoolFile>> spool = services_.bundles->spool();
    if (!spool) co_return spool.error();
    answer_ = std::move(*spool);
    const Result<events::SealingSecret> ephemeral = BundleDesk::draw_secret();
    if (!ephemeral) co_return ephemeral.error();
    const BundleExchange::Opening opening{*header_, *ephemeral, services_.bundles->server_key(),
                                          services_.clock(), 0};
    auto sink = [this](events::ByteView bytes) { return answer_->append(bytes); };
    Result<BundleExchange> begun = BundleExchange::begin(
        opening, services_.log, services_.private_store, services_.packed, std::move(sink));
    if (!begun) co_return begun.error();
    Result<courier::BundleOpener> opener = courier::BundleOpener::open(*bundle_, *secret_);
    if (!opener) co_return opener.error();
    const auto driver =
        std::make_shared<BundleDriver>(stream_.get_executor(), services_, std::move(*begun));
    co_return co_await driver->carry(*opener);
  }

  Task<bool> send_answer() {
    http::response<http::buffer_body> response{http::status::ok, version_};
    response.keep_alive(keep_alive_);
    response.set(http::field::content_type, "application/octet-stream");
    response.content_length(answer_->size());
    response.body().data = nullptr;
    response.body().more = true;
    http::response_serializer<http::buffer_body> serializer(response);
    stream_.expires_after(chunk_timeout);
    const auto [head_error, head_size] =
        co_await http::async_write_header(stream_, serializer, no_throw);
    if (head_error || !answer_->rewind()) co_return false;
    events::Bytes chunk(chunk_bytes);
    while (!serializer.is_done()) {
      const Result<std::size_t> size = answer_->read(chunk);
      if (!size) co_return false;
      response.body().data = *size == 0 ? nullptr : chunk.data();
      response.body().size = *size;
      response.body().more = *size == chunk.size();
      stream_.expires_after(chunk_timeout);
      const auto [error, sent] = co_await http::async_write(stream_, serializer, no_throw);
      if (error && error != http::error::need_buffer) co_return false;
    }
    co_return keep_alive_;
  }

  /// Says why; the rest of a body that was not read ends the connection.
  Task<bool> send_refusal(Error why) {
    log_warning("bundle_refused", {{"chain", header_ ? header_->chain.value : 0U},
                                   {"bytes", bundle_ ? bundle_->size() : 0U},
                                   {"code", events::name_of(why.code)},
                                   {"reason", why.message}});
    // What a device of this log signed and somebody else changed.
    if (header_ && is_tampering(why.code)) {
      services_.bundles->keep_evidence(*bundle_, *header_, why, services_.clock());
    }
    http::response<http::string_body> response{status_of(why.code), version_};
    response.keep_alive(false);
    response.set(http::field::content_type, "text/plain; charset=utf-8");
    response.body() = std::string(events::name_of(why.code)) + ": " + why.message + "\n";
    response.prepare_payload();
    stream_.expires_after(chunk_timeout);
    co_await http::async_write(stream_, response, no_throw);
    co_return false;
  }

  void log_answer() const {
    log_info("bundle_answered", {{"chain", header_->chain.value},
                                 {"first_seq", header_->first_seq},
                                 {"last_seq", header_->last_seq},
                                 {"bytes", bundle_->size()},
                                 {"answer_bytes", answer_->size()},
                                 {"cut", was_cut_ ? "yes" : "no"}});
  }

 private:
  static bool is_tampering(ErrorCode code) {
    return code == ErrorCode::malformed || code == ErrorCode::bad_signature ||
           code == ErrorCode::too_large;
  }

  /// The beginning says who signed: a stranger's bundle is not read to its end.
  Task<Result<void>> check_signer() {
    Result<courier::BundleReader> reader = courier::BundleReader::open(*bundle_);
    if (!reader) co_return reader.error();
    const courier::BundleHeader& header = reader->header();
    if (header.direction != courier::Direction::to_server) {
      co_return Error{ErrorCode::malformed, "this bundle is an answer for a device"};
    }
    std::optional<Result<Admission>> admission;
    ++under_way_;
    services_.committer.admit(
        header.chain, [self = shared_from_this(), &admission](Result<Admission> answer) {
          net::post(self->stream_.get_executor(), [self, &admission, answer = std::move(answer)] {
            admission = answer;
            self->answer_came();
          });
        });
    while (!admission) co_await wait_for_answer();
    if (!*admission) co_return admission->error();
    if ((*admission)->healing) {
      co_return Error{ErrorCode::busy,
                      "the restored log takes back what it lost; come again later"};
    }
    if ((*admission)->public_key != header.signer) {
      co_return Error{ErrorCode::bad_signature, "the bundle is not signed by the chain's key"};
    }
    header_ = header;
    co_return Result<void>{};
  }

  Task<> wait_for_answer() {
    answered_.expires_at(net::steady_timer::time_point::max());
    co_await answered_.async_wait(no_throw);
  }
  void answer_came() {
    --under_way_;
    answered_.cancel();
  }

  network::Transport& stream_;
  Services& services_;
  net::steady_timer answered_;
  int under_way_ = 0;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool was_cut_ = false;
  std::unique_ptr<SpoolFile> bundle_;
  std::unique_ptr<SpoolFile> answer_;
  std::optional<courier::BundleHeader> header_;
  const events::SealingSecret* secret_ = nullptr;
};

}  // namespace

Task<bool> answer_bundle(network::Transport& stream, beast::flat_buffer& buffer, RequestHead& head,
                         Services& services) {
  auto posted = std::make_shared<PostedBundle>(stream, services);
  const std::unique_ptr<BundleDesk::Place> place = services.bundles->enter();
  Result<void> done;
  if (!place) {
    done = Error{ErrorCode::busy, "too many bundles at once; hand it over again later"};
  } else {
    done = co_await posted->receive(buffer, head);
    if (!done && done.error().code == ErrorCode::closed) co_return false;
    if (done) done = co_await posted->check();
    if (done) done = co_await posted->exchange();
  }
  if (!done) {
    Error why = done.error();
    const bool goes_on = co_await posted->send_refusal(std::move(why));
    co_return goes_on;
  }
  posted->log_answer();
  const bool goes_on = co_await posted->send_answer();
  co_return goes_on;
}

}  // namespace server
