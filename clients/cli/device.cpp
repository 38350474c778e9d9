#include "clients/cli/device.h"

#include "clients/cli/machine.h"

#include <algorithm>
#include <charconv>
#include <thread>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr const char* url_setting = "server";
constexpr const char* synced_setting = "last_synced";
constexpr std::chrono::milliseconds connect_timeout{10'000};
/// How long one wait for a frame lasts before the caller is asked whether to go on.
constexpr std::chrono::milliseconds wait_step{250};

std::uint64_t number_from(const std::string& text) {
  std::uint64_t number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Whether connecting again may help.
bool may_pass(ErrorCode code) {
  return code == ErrorCode::closed || code == ErrorCode::timed_out ||
         code == ErrorCode::io_failed || code == ErrorCode::busy;
}

Result<protocol::Enrolled> ask(const std::string& url, const protocol::Enrol& enrol) {
  const Result<ServerAddress> address = ServerAddress::parse(url);
  if (!address) return address.error();
  Result<std::unique_ptr<WsLink>> link = WsLink::connect(*address, enrol, connect_timeout);
  if (!link) return link.error();
  for (;;) {
    const auto frames = (*link)->receive(connect_timeout);
    if (!frames) return frames.error();
    if (!*frames) return Error{ErrorCode::timed_out, "the server does not answer"};
    for (const protocol::Message& frame : **frames) {
      if (const auto* enrolled = std::get_if<protocol::Enrolled>(&frame)) {
        (*link)->close();
        return *enrolled;
      }
      if (const auto* error = std::get_if<protocol::ErrorFrame>(&frame)) {
        return Error{error->code, error->message};
      }
      if (std::holds_alternative<protocol::Goaway>(frame)) {
        return Error{ErrorCode::closed, "the server is going away"};
      }
    }
  }
}

}  // namespace

Device::Device(std::unique_ptr<RocksdbStore> store, Replica replica, std::string url,
               events::Timestamp last_synced)
    : store_(std::move(store)),
      replica_(std::move(replica)),
      workspace_(replica_),
      url_(std::move(url)),
      last_synced_(last_synced) {}

Result<std::unique_ptr<Device>> Device::load(std::unique_ptr<RocksdbStore> store) {
  Result<Replica> replica = Replica::load(*store);
  if (!replica) return replica.error();
  const auto url = store->setting(url_setting);
  if (!url) return url.error();
  const auto synced = store->setting(synced_setting);
  if (!synced) return synced.error();
  const events::Timestamp last_synced{number_from(synced->value_or("0"))};
  return std::unique_ptr<Device>(
      new Device(std::move(store), std::move(*replica), url->value_or(""), last_synced));
}

Result<std::unique_ptr<Device>> Device::open(const std::filesystem::path& home) {
  Result<std::unique_ptr<RocksdbStore>> store = RocksdbStore::open(home, false);
  if (!store) return store.error();
  return load(std::move(*store));
}

Result<std::unique_ptr<Device>> Device::found(const std::filesystem::path& home,
                                              const std::string& url, const std::string& code,
                                              const std::string& origin,
                                              const events::PersonRecord& administrator,
                                              const std::string& label) {
  protocol::Founding founding;
  founding.origin = origin;
  founding.administrator = events::make_private_record(machine::random_16(), administrator);
  return ask_for_chain(home, url, code, label, std::move(founding));
}

Result<std::unique_ptr<Device>> Device::enrol(const std::filesystem::path& home,
                                              const std::string& url, const std::string& code,
                                              const std::string& label) {
  return ask_for_chain(home, url, code, label, std::nullopt);
}

Result<std::unique_ptr<Device>> Device::ask_for_chain(const std::filesystem::path& home,
                                                      const std::string& url,
                                                      const std::string& code,
                                                      const std::string& label,
                                                      std::optional<protocol::Founding> founding) {
  const Result<std::string> plain_code = machine::normalized_code(code);
  if (!plain_code) return plain_code.error();
  Result<std::unique_ptr<RocksdbStore>> store = RocksdbStore::open(home, true);
  if (!store) return store.error();
  Result<std::optional<Identity>> known = (*store)->identity();
  if (!known) return known.error();
  if (*known && (*known)->is_enrolled()) {
    return Error{ErrorCode::invalid_argument,
                 "Thiết bị này đã ghi danh; hãy dùng một thư mục --home khác."};
  }

  // The key is durable before it is sent: a lost answer is asked for again with the same key.
  StoreChange before;
  before.identity = known->value_or(Identity{});
  if (!*known) before.identity->seed = machine::random_seed();
  before.identity->label = label;
  before.settings.emplace_back(url_setting, url);
  if (founding) before.privates.push_back(founding->administrator);
  if (Result<void> kept = (*store)->commit(before); !kept) return kept.error();

  const events::SecretSeed seed = before.identity->seed;
  const Result<protocol::Enrolled> enrolled =
      ask(url, make_enrol(*plain_code, seed, label, std::move(founding)));
  if (!enrolled) return enrolled.error();
  Result<Identity> identity = identity_from(*enrolled, seed, label);
  if (!identity) return identity.error();
  StoreChange after;
  after.identity = std::move(*identity);
  if (Result<void> kept = (*store)->commit(after); !kept) return kept.error();
  return load(std::move(*store));
}

Result<SyncReport> Device::sync(const std::string& url, const SyncOptions& options) {
  const Result<ServerAddress> address = ServerAddress::parse(url.empty() ? url_ : url);
  if (!address) return address.error();
  SyncReport report;
  for (int attempt = 0;; ++attempt) {
    SyncEngine engine(replica_, options.live);
    const std::uint64_t pulled_before = replica_.pull().cursor.position.value;
    const std::uint64_t known_before = replica_.own().verdicts_known();
    Result<SyncEngine::Frames> first = engine.start(machine::now(), machine::random_16());
    if (!first) return first.error();
    Result<void> done;
    if (auto link = WsLink::connect(*address, first->front(), connect_timeout); !link) {
      done = link.error();
    } else {
      ++report.connections;
      first->erase(first->begin());
      done = run(engine, **link, *first, options);
      report.bytes_sent += (*link)->bytes_sent();
      report.bytes_received += (*link)->bytes_received();
      if (done) (*link)->close();
    }
    report.progress = engine.progress();
    report.clock_difference_milliseconds = engine.clock_difference_milliseconds();
    if (done) return report;

    // A line that is cut again and again still brings everything over, piece by piece.
    const bool moved = replica_.pull().cursor.position.value > pulled_before ||
                       replica_.own().verdicts_known() > known_before;
    if (moved) attempt = 0;
    const bool again = engine.state() == SyncState::reconnect || may_pass(done.error().code);
    if (!again || attempt >= options.retries) return done.error();
    if (options.keep_going && !options.keep_going()) return report;
    if (engine.state() != SyncState::reconnect) {
      const std::chrono::milliseconds asked(engine.retry_after_milliseconds());
      const std::chrono::milliseconds ours(200 << std::min(attempt, 6));
      std::this_thread::sleep_for(std::clamp(asked, ours, std::chrono::milliseconds(30'000)));
    }
  }
}

Result<void> Device::run(SyncEngine& engine, WsLink& link, const SyncEngine::Frames& first,
                         const SyncOptions& options) {
  const auto tell = [&] {
    if (options.on_progress) options.on_progress(engine.progress());
  };
  if (Result<void> sent = link.send(first, options.patience); !sent) return sent;

  auto heard = std::chrono::steady_clock::now();
  bool noted = false;
  for (;;) {
    if (options.keep_going && !options.keep_going()) return {};
    const auto frames = link.receive(wait_step);
    if (!frames) return frames.error();
    if (!*frames) {
      const bool silent = std::chrono::steady_clock::now() - heard > options.patience;
      // On a live connection silence is normal; pings find a dead line.
      if (silent && !(options.live && engine.progress().synced())) {
        return Error{ErrorCode::timed_out, "the server says nothing"};
      }
      continue;
    }
    heard = std::chrono::steady_clock::now();
    for (const protocol::Message& frame : **frames) {
      const Result<SyncEngine::Frames> answer = engine.on_message(frame, machine::now());
      if (!answer) return answer.error();
      if (Result<void> sent = link.send(*answer, options.patience); !sent) return sent;
    }
    tell();
    if (!engine.progress().synced()) {
      noted = false;
      continue;
    }
    if (!noted) {
      if (Result<void> kept = note_synced(); !kept) return kept;
      noted = true;
    }
    if (!options.live && engine.progress().finished()) return {};
  }
}

Result<void> Device::note_synced() {
  StoreChange change;
  const events::Timestamp now = machine::now();
  change.settings.emplace_back(synced_setting, std::to_string(now.value));
  if (Result<void> kept = store_->commit(change); !kept) return kept;
  last_synced_ = now;
  return {};
}

}  // namespace clients
