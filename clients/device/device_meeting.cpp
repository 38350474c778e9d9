#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/sync/meeting_notes.h"
#include "clients/device/connection_fault.h"
#include "clients/device/device.h"
#include "events/protocol/frame_codec.h"
#include "platform/clock.h"
#include "platform/random.h"

#include <algorithm>
#include <array>
#include <thread>
#include <utility>

// How a device meets its server once, over a WebSocket; device_http.cpp is where none gets through.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};
/// How long one wait for a frame lasts before the caller is asked whether to go on.
constexpr std::chrono::milliseconds wait_step{250};
/// The same while files are under way: an event that was recorded meanwhile does not wait longer.
constexpr std::chrono::milliseconds busy_step{20};
/// Pieces of files between two looks at what else there is.
constexpr int pieces_at_once = 4;

bool blocked(const Result<void>& done) { return !done && may_pass_as_http(done.error()); }

}  // namespace

void SyncReport::add(const FileProgress& connection) {
  const FileProgress before = files;
  files = connection;
  files.files_sent += before.files_sent;
  files.files_fetched += before.files_fetched;
  files.bytes_sent += before.bytes_sent;
}

bool may_pass(ErrorCode code) {
  return code == ErrorCode::closed || code == ErrorCode::timed_out ||
         code == ErrorCode::io_failed || code == ErrorCode::busy;
}

void pause(std::chrono::milliseconds time, const SyncOptions& options) {
  const auto until = std::chrono::steady_clock::now() + time;
  while (std::chrono::steady_clock::now() < until) {
    if (options.keep_going && !options.keep_going()) return;
    const auto left = until - std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::min<std::chrono::steady_clock::duration>(left, wait_step));
  }
}

Device::Meeting Device::meet(const ServerAddress& address, const SyncOptions& options,
                             SyncReport& report) {
  const bool http = options.http || endpoint_.prefers_http(platform::now());
  Meeting meeting = http ? meet_over_http(address, options, report)
                         : meet_over_web_socket(address, options, report);
  if (blocked(meeting.done) && !http) {
    const Error why = meeting.done.error();
    meeting = meet_over_http(address, options, report);
    // Where HTTP does not get through either, the first error says more.
    if (blocked(meeting.done)) meeting.done = why;
    const bool answered = meeting.done || !may_pass(meeting.done.error().code);
    // A line that was merely cut says nothing about the network.
    if (answered && fault_of(why) == ConnectionFault::no_web_socket) {
      if (Result<void> kept = endpoint_.note_http(*store_, platform::now()); !kept) {
        meeting.done = kept;
      }
    }
  }
  if (learn_binding(address, meeting)) meeting.state = SyncState::reconnect;
  return meeting;
}

bool Device::learn_binding(const ServerAddress& address, const Meeting& meeting) {
  if (!address.tls || meeting.done) return false;
  const ErrorCode code = meeting.done.error().code;
  const bool ends_before = endpoint_.binds() && code == ErrorCode::unsupported;
  const bool ends_there = !endpoint_.binds() && code == ErrorCode::bad_signature;
  if (!ends_before && !ends_there) return false;
  return endpoint_.note_binding(*store_, ends_there).has_value();
}

Result<bool> Device::may_take_snapshot(const SyncOptions& options) const {
  if (!options.snapshots) return false;
  const Result<std::vector<Branch>> branches = store_->branches();
  if (!branches) return branches.error();
  return std::ranges::all_of(*branches, &Branch::continued);
}

Result<void> Device::give_up_snapshot() {
  if (!replica_.base_position()) return {};
  return replica_.restart_pull(replica_.pull().scope, false);
}

Device::Meeting Device::meet_over_web_socket(const ServerAddress& address,
                                             const SyncOptions& options, SyncReport& report) {
  const Result<bool> takes_snapshots = may_take_snapshot(options);
  if (!takes_snapshots) return {.done = takes_snapshots.error()};
  SyncEngine engine(replica_, options.live);
  FileSync files(replica_, files_);
  engine.speak_of_files();
  engine.keep_files(files_);
  if (*takes_snapshots) engine.accept_snapshots();
  const Greeter greeter =
      [&](const std::optional<protocol::ChannelBinding>& binding) -> Result<protocol::Message> {
    Result<SyncEngine::Frames> greeting =
        engine.start(platform::now(), platform::random_16(), 0, binding);
    if (!greeting) return greeting.error();
    return std::move(greeting->front());
  };
  protocol::Liveness::Limits liveness = options.liveness;
  if (ping_after_.count() != 0) liveness.first = std::min(liveness.first, ping_after_);
  Meeting meeting;
  auto client = WsClient::connect(address, endpoint_.line(), greeter, connect_timeout, liveness);
  if (!client) {
    meeting.done = client.error();
  } else {
    ++report.connections;
    meeting.done = run(engine, files, **client, options);
    Result<void> noted = note_meeting(engine, meeting.done);
    if (!noted && meeting.done) meeting.done = noted;
    if (meeting.done) (*client)->close();
    const bool died_idle = !meeting.done && meeting.done.error().code == ErrorCode::timed_out &&
                           engine.progress().synced();
    if (died_idle) ping_after_ = protocol::interval_after_death((*client)->ping_interval());
    report.bytes_sent += (*client)->bytes_sent();
    report.bytes_received += (*client)->bytes_received();
    Result<void> kept = endpoint_.note_session(*store_, (*client)->ticket());
    if (!kept && meeting.done) meeting.done = kept;
  }
  report.progress = engine.progress();
  report.add(files.progress());
  report.clock_difference_milliseconds = engine.clock_difference_milliseconds();
  meeting.state = engine.state();
  meeting.retry_after = std::chrono::milliseconds(engine.retry_after_milliseconds());
  meeting.moved_to = engine.moved_to();
  return meeting;
}

Result<void> Device::run(SyncEngine& engine, FileSync& files, WsClient& client,
                         const SyncOptions& options) {
  auto heard = std::chrono::steady_clock::now();
  bool noted = false;
  bool was_greeted = false;
  for (;;) {
    if (options.keep_going && !options.keep_going()) return {};
    // What was recorded since goes first, before the next piece of a file.
    const Result<SyncEngine::Frames> fresh = engine.push_new(platform::now());
    if (!fresh) return fresh.error();
    if (Result<void> sent = client.send(*fresh, options.patience); !sent) return sent;
    if (Result<void> sent = send_files(engine, files, client, options); !sent) return sent;

    const auto frames = client.receive(files.is_idle() ? wait_step : busy_step);
    if (!frames) return frames.error();
    // A connection stays for weeks.  The next greeting asks for a new lease, and for what came now.
    if (options.live && lease_has_ended()) {
      if (Result<void> looked = apply_lease(); !looked) return looked;
      return Error{ErrorCode::closed, "the lease of the names has ended"};
    }
    if (!*frames) {
      const bool silent = std::chrono::steady_clock::now() - heard > options.patience;
      // On a live connection silence is normal; pings find a dead line.
      if (silent && !(options.live && engine.progress().synced() && files.is_idle())) {
        return Error{ErrorCode::timed_out, "the server says nothing"};
      }
      continue;
    }
    heard = std::chrono::steady_clock::now();
    if (Result<void> taken = take(**frames, engine, files, client, options); !taken) return taken;
    if (!was_greeted && engine.state() == SyncState::running) {
      if (Result<void> kept = note_greeting(engine); !kept) return kept;
      was_greeted = true;
      if (options.on_met) options.on_met();
    }
    if (Result<void> sent = send_files(engine, files, client, options); !sent) return sent;
    if (options.on_files) options.on_files(files.progress());
    if (options.on_progress) options.on_progress(engine.progress());
    if (!engine.progress().synced() || !files.is_idle()) {
      noted = false;
      continue;
    }
    // On a live connection each moment in step counts, not only its end.
    if (!noted && options.live) {
      if (Result<void> kept = note_meeting(engine, {}); !kept) return kept;
    }
    noted = true;
    if (!options.live && engine.progress().finished()) return {};
  }
}

Result<void> Device::take(const SyncEngine::Frames& frames, SyncEngine& engine, FileSync& files,
                          WsClient& client, const SyncOptions& options) {
  for (const protocol::Message& frame : frames) {
    files.received(protocol::encode_frame(frame).size());
    // Before the server has proved itself no frame is taken for what it says.
    const bool is_proved = engine.state() != SyncState::greeting;
    if (is_proved && FileSync::takes(frame)) {
      Result<void> taken = files.on_message(frame, platform::steady_milliseconds());
      if (!taken) return taken;
      continue;
    }
    const Result<SyncEngine::Frames> answer = engine.on_message(frame, platform::now());
    if (!answer) return answer.error();
    if (Result<void> sent = client.send(*answer, options.patience); !sent) return sent;
  }
  return {};
}

Result<void> Device::send_files(const SyncEngine& engine, FileSync& files, WsClient& client,
                                const SyncOptions& options) {
  if (engine.state() != SyncState::running || engine.progress().repairing) return {};
  for (int sent = 0; sent < pieces_at_once; ++sent) {
    const Result<std::optional<protocol::Message>> frame =
        files.next(platform::steady_milliseconds());
    if (!frame) return frame.error();
    if (!*frame) return {};
    const std::array<protocol::Message, 1> one{**frame};
    if (Result<void> done = client.send(one, options.patience); !done) return done;
  }
  return {};
}

Result<void> Device::note_greeting(const SyncEngine& engine) {
  const events::Timestamp now = platform::now();
  const auto server = static_cast<std::uint64_t>(static_cast<std::int64_t>(now.value) +
                                                 engine.clock_difference_milliseconds());
  return note_contact(*store_, {events::Timestamp{server}, now});
}

Result<void> Device::note_meeting(const SyncEngine& engine, const Result<void>& done) {
  Result<void> noted = clients::note_meeting(*store_, notes_, engine, done, platform::now());
  if (!noted) return noted;
  return apply_lease();
}

bool Device::lease_has_ended() const {
  return !lease_is_over() && lease_end_.value != 0 && platform::now() > lease_end_;
}

Result<void> Device::apply_lease() {
  const Result<ScopeState> scope_state = ScopeState::load(replica_);
  if (!scope_state) return scope_state.error();
  replica_.hide_privates(scope_state->lease_is_over(platform::now(), notes_.last_contact));
  is_revoked_ = scope_state->grant() && scope_state->grant()->revoked;
  lease_end_ = scope_state->grant() ? scope_state->grant()->valid_until : events::Timestamp{};
  purge_is_open_ = scope_state->purge_is_open();
  return {};
}

}  // namespace clients
