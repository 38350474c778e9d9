#include "server/channels/bundle_channel.h"

#include "server/base/logging.h"
#include "server/bundle/bundle_exchange.h"
#include "server/bundle/bundle_service.h"
#include "server/channels/bundle_driver.h"
#include "server/files/file_hop.h"
#include "server/session/wire_error.h"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace server {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace bundle = events::bundle;
using events::Error;
using events::ErrorCode;
using events::Result;

constexpr auto no_throw = net::as_tuple(net::use_awaitable);
constexpr std::size_t chunk_bytes = 64 * 1024;
/// The beginning, which says who signed, comes soon; it fits into this.
constexpr std::size_t beginning_bytes = 4 * 1024;
constexpr std::chrono::seconds beginning_timeout{10};
/// Then, after a minute, half of what a line of 64 kbit/s carries, and all of it in two hours.
constexpr std::chrono::seconds silence_timeout{60};
constexpr std::chrono::seconds window{30};
constexpr std::uint64_t window_bytes = 30 * 4 * 1024;
constexpr std::chrono::hours whole_timeout{2};

http::status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::too_large:
      return http::status::payload_too_large;
    case ErrorCode::timed_out:
      return http::status::request_timeout;
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

/// Whether bytes come fast enough to go on waiting for them.
class EtaEstimator {
 public:
  using Clock = network::Transport::Clock;

  bool holds(std::uint64_t bytes, Clock::time_point now) {
    if (now >= end_) return false;
    if (now < window_end_) return true;
    const bool is_fast = bytes >= before_ + window_bytes;
    before_ = bytes;
    window_end_ = now + window;
    return is_fast;
  }

 private:
  Clock::time_point end_ = Clock::now() + whole_timeout;
  Clock::time_point window_end_ = Clock::now() + silence_timeout + window;
  std::uint64_t before_ = 0;
};

/// What the log thread says of a signer, on its way to the strand of whoever asked; it may be gone.
struct SignerAnswer {
  explicit SignerAnswer(const net::any_io_executor& strand) : came(strand) {}

  std::optional<Result<Admission>> admission;
  net::steady_timer came;
};

/// One bundle that was handed over, from its first byte to the last of its answer.  All of it runs
/// on the connection's strand, but what waits for the disk.
class PostedBundle {
 public:
  PostedBundle(network::Transport& stream, Caller caller, Services& services)
      : stream_(stream), caller_(std::move(caller)), services_(services) {}

  /// Reads who signed it, and takes a place when that is a device of the log; then the rest of the
  /// body into a file.
  Task<Result<void>> receive(beast::flat_buffer& buffer, RequestHead& head) {
    if (head.is_done()) co_return Error{ErrorCode::malformed, "there is no bundle in the request"};
    http::request_parser<http::buffer_body> parser(std::move(head));
    parser.body_limit(bundle_bytes_max);
    Result<void> done = co_await receive_beginning(buffer, parser);
    if (done) done = co_await receive_rest(buffer, parser);
    keep_alive_ = parser.get().keep_alive();
    version_ = parser.get().version();
    co_return done;
  }

  /// Looks at all of it before any of it is used.
  Task<Result<void>> check() {
    stream_.expires_never();  // From here to the answer nothing depends on the line.
    secret_ = services_.bundles->secret(header_->recipient);
    if (secret_ == nullptr) {
      co_return Error{ErrorCode::malformed, "the bundle is sealed to a key of another server"};
    }
    Result<bundle::BundleOpener> opener = bundle::BundleOpener::open(*bundle_, *secret_);
    if (!opener) co_return opener.error();
    while (opener->ending() == bundle::Ending::open) {
      std::function<Result<void>()> look = [&opener]() -> Result<void> {
        const Result<std::optional<events::Bytes>> block = opener->next();
        return block ? Result<void>{} : Result<void>(block.error());
      };
      const Result<void> sound =
          co_await on_file_thread<Result<void>>(services_.file_thread, std::move(look));
      if (!sound) co_return sound.error();
    }
    was_cut_ = opener->ending() == bundle::Ending::truncated;
    co_return Result<void>{};
  }

  /// Carries its blocks through a session, and what the session says into the answer.
  Task<Result<void>> exchange() {
    Result<std::unique_ptr<SpoolFile>> spool = services_.bundles->spool();
    if (!spool) co_return spool.error();
    answer_ = std::move(*spool);
    const Result<events::SealingSecret> ephemeral = BundleService::draw_secret();
    if (!ephemeral) co_return ephemeral.error();
    const BundleExchange::Opening opening{*header_, *ephemeral, services_.bundles->server_key(),
                                          services_.clock(), 0};
    auto sink = [this](events::ByteView bytes) {
      events::append_bytes(unkept_answer_, bytes);
      return Result<void>{};
    };
    Result<BundleExchange> begun = BundleExchange::begin(
        opening, services_.log, services_.private_store, services_.packed, std::move(sink));
    if (!begun) co_return begun.error();
    Result<bundle::BundleOpener> opener = bundle::BundleOpener::open(*bundle_, *secret_);
    if (!opener) co_return opener.error();
    const auto driver = std::make_shared<BundleDriver>(
        stream_.get_executor(), services_, std::move(*begun), [this] { return keep_answer(); });
    const Result<void> carried = co_await driver->carry(*opener);
    if (!carried) co_return carried.error();
    co_return co_await keep_answer();
  }

  Task<bool> send_answer() {
    http::response<http::buffer_body> response{http::status::ok, version_};
    response.keep_alive(keep_alive_);
    response.set(http::field::content_type, "application/octet-stream");
    response.content_length(answer_->size());
    response.body().data = nullptr;
    response.body().more = true;
    http::response_serializer<http::buffer_body> serializer(response);
    stream_.expires_after(silence_timeout);
    const auto [head_error, head_size] =
        co_await http::async_write_header(stream_, serializer, no_throw);
    if (head_error || !answer_->rewind()) co_return false;
    events::Bytes chunk(chunk_bytes);
    while (!serializer.is_done()) {
      std::function<Result<std::size_t>()> read = [&] { return answer_->read(chunk); };
      const Result<std::size_t> size =
          co_await on_file_thread<Result<std::size_t>>(services_.file_thread, std::move(read));
      if (!size) co_return false;
      response.body().data = *size == 0 ? nullptr : chunk.data();
      response.body().size = *size;
      response.body().more = *size == chunk.size();
      stream_.expires_after(silence_timeout);
      const auto [error, sent] = co_await http::async_write(stream_, serializer, no_throw);
      if (error && error != http::error::need_buffer) co_return false;
    }
    co_return keep_alive_;
  }

  /// Says why; the rest of a body that was not read ends the connection.
  Task<bool> send_refusal(Error why) {
    services_.security.note("bundle_refused", caller_.address, events::name_of(why.code),
                            header_ ? header_->chain.value : 0U);
    if (is_internal(why.code)) {
      log_error("bundle_fault", {{"code", events::name_of(why.code)}, {"reason", why.message}});
    }
    if (!header_ && why.code != ErrorCode::busy) co_await wait_out_pause();
    // What a device of this log signed and somebody else changed.
    if (header_ && bundle_ && is_tampering(why.code)) {
      std::function<bool()> keep = [&] {
        services_.bundles->keep_evidence(*bundle_, *header_, why, services_.clock());
        return true;
      };
      co_await on_file_thread<bool>(services_.file_thread, std::move(keep));
    }
    const Error said = wire_error(why);
    http::response<http::string_body> response{status_of(said.code), version_};
    response.keep_alive(false);
    response.set(http::field::content_type, "text/plain; charset=utf-8");
    if (said.code == ErrorCode::busy) response.set(http::field::retry_after, "60");
    response.body() = std::string(events::name_of(said.code)) + ": " + said.message + "\n";
    response.prepare_payload();
    stream_.expires_after(beginning_timeout);
    co_await http::async_write(stream_, response, no_throw);
    co_await stream_.async_shut_down(no_throw);
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

  using Parser = http::request_parser<http::buffer_body>;

  /// What comes next of the body, into `chunk`; how much it was.
  /// Errors:  too_large; closed.
  Task<Result<std::size_t>> receive_some(beast::flat_buffer& buffer, Parser& parser,
                                         std::span<std::uint8_t> chunk) {
    parser.get().body().data = chunk.data();
    parser.get().body().size = chunk.size();
    const auto [error, size] = co_await http::async_read_some(stream_, buffer, parser, no_throw);
    if (error == http::error::body_limit) {
      co_return Error{ErrorCode::too_large,
                      "a bundle has at most " + std::to_string(bundle_bytes_max) + " bytes"};
    }
    if (error && error != http::error::need_buffer) {
      co_return Error{ErrorCode::closed, error.message()};
    }
    co_return chunk.size() - parser.get().body().size;
  }

  Task<Result<void>> receive_beginning(beast::flat_buffer& buffer, Parser& parser) {
    stream_.expires_after(beginning_timeout);
    events::Bytes beginning(beginning_bytes);
    std::size_t have = 0;
    while (!parser.is_done() && have < beginning.size()) {
      const Result<std::size_t> got =
          co_await receive_some(buffer, parser, std::span(beginning).subspan(have));
      if (!got) co_return got.error();
      have += *got;
      if (have >= header_whole_bytes || is_header_whole({beginning.data(), have})) break;
    }
    beginning.resize(have);
    Result<void> known = co_await check_signer(beginning);
    if (!known) co_return known;
    services_.gate.prove(caller_.number);
    place_ = services_.bundles->enter();
    if (!place_) {
      co_return Error{ErrorCode::busy, "too many bundles at once; hand it over again later"};
    }
    Result<std::unique_ptr<SpoolFile>> spool = services_.bundles->spool();
    if (!spool) co_return spool.error();
    bundle_ = std::move(*spool);
    co_return co_await keep(beginning);
  }

  Task<Result<void>> receive_rest(beast::flat_buffer& buffer, Parser& parser) {
    EtaEstimator pace;
    events::Bytes chunk(chunk_bytes);
    std::size_t filled = 0;
    while (!parser.is_done()) {
      stream_.expires_after(silence_timeout);
      const Result<std::size_t> got =
          co_await receive_some(buffer, parser, std::span(chunk).subspan(filled));
      if (!got) co_return got.error();
      filled += *got;
      if (!pace.holds(bundle_->size() + filled, EtaEstimator::Clock::now())) {
        co_return Error{ErrorCode::timed_out, "the bundle comes too slowly; hand it over again"};
      }
      if (filled < chunk.size() && !parser.is_done()) continue;
      const Result<void> kept = co_await keep(events::ByteView(chunk).first(filled));
      if (!kept) co_return kept.error();
      filled = 0;
    }
    co_return Result<void>{};
  }

  /// Whether there is nothing more to wait for before the signer is known, good or bad.
  static bool is_header_whole(events::ByteView beginning) {
    bundle::MemorySource source(beginning);
    return bundle::BundleReader::open(source).has_value();
  }

  /// On the file thread: more of the bundle.
  Task<Result<void>> keep(events::ByteView bytes) {
    std::function<Result<void>()> append = [this, bytes]() -> Result<void> {
      if (Result<void> room = services_.bundles->check_room(); !room) return room;
      return bundle_->append(bytes);
    };
    co_return co_await on_file_thread<Result<void>>(services_.file_thread, std::move(append));
  }
  /// On the file thread: more of the answer.
  Task<Result<void>> keep_answer() {
    std::function<Result<void>()> append = [this] { return answer_->append(unkept_answer_); };
    Result<void> kept =
        co_await on_file_thread<Result<void>>(services_.file_thread, std::move(append));
    unkept_answer_.clear();
    co_return kept;
  }

  /// The beginning says who signed: a stranger's bundle is not read to its end.
  Task<Result<void>> check_signer(const events::Bytes& beginning) {
    bundle::MemorySource source(beginning);
    Result<bundle::BundleReader> reader = bundle::BundleReader::open(source);
    if (!reader) co_return reader.error();
    const bundle::BundleHeader& header = reader->header();
    if (header.direction != bundle::Direction::to_server) {
      co_return Error{ErrorCode::malformed, "this bundle is an answer for a device"};
    }
    const auto answer = std::make_shared<SignerAnswer>(stream_.get_executor());
    services_.committer.admit(header.chain, [answer](Result<Admission> admission) {
      net::post(answer->came.get_executor(), [answer, admission = std::move(admission)] {
        answer->admission = admission;
        answer->came.cancel();
      });
    });
    while (!answer->admission) {
      answer->came.expires_at(net::steady_timer::time_point::max());
      co_await answer->came.async_wait(no_throw);
    }
    const Result<Admission>& admission = *answer->admission;
    if (!admission) co_return admission.error();
    if (admission->repairing) {
      co_return Error{ErrorCode::busy,
                      "the restored log takes back what it lost; come again later"};
    }
    if (admission->public_key != header.signer) {
      co_return Error{ErrorCode::bad_signature, "the bundle is not signed by the chain's key"};
    }
    header_ = header;
    co_return Result<void>{};
  }

  /// Rubbish from an address that sends a lot of it is answered later and later.
  Task<> wait_out_pause() {
    const auto pause = services_.gate.fail(caller_.address, false, ConnectionGate::Clock::now());
    if (pause.count() == 0) co_return;
    stream_.expires_never();
    net::steady_timer timer(stream_.get_executor(), pause);
    co_await timer.async_wait(no_throw);
  }

  /// Magic, length and the longest header.
  static constexpr std::size_t header_whole_bytes =
      bundle::bundle_magic.size() + 4 + bundle::header_bytes_max;

  network::Transport& stream_;
  Caller caller_;
  Services& services_;
  std::unique_ptr<BundleService::Place> place_;
  unsigned version_ = 11;
  bool keep_alive_ = false;
  bool was_cut_ = false;
  std::unique_ptr<SpoolFile> bundle_;
  std::unique_ptr<SpoolFile> answer_;
  events::Bytes unkept_answer_;
  std::optional<bundle::BundleHeader> header_;
  const events::SealingSecret* secret_ = nullptr;
};

}  // namespace

Task<bool> answer_bundle(network::Transport& stream, beast::flat_buffer& buffer, RequestHead& head,
                         Caller caller, Services& services) {
  const auto posted = std::make_unique<PostedBundle>(stream, std::move(caller), services);
  Result<void> done = co_await posted->receive(buffer, head);
  if (!done && done.error().code == ErrorCode::closed) co_return false;
  if (done) done = co_await posted->check();
  if (done) done = co_await posted->exchange();
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
