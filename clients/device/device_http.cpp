#include "clients/device/device.h"
#include "platform/clock.h"
#include "platform/random.h"

#include <algorithm>
#include <iterator>
#include <utility>

// How a device meets its server over HTTP, where no WebSocket gets through.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
namespace protocol = events::protocol;

namespace {

constexpr std::chrono::milliseconds connect_timeout{10'000};
/// A device that stays asks so often.
constexpr std::chrono::milliseconds http_pause{15'000};

}  // namespace

Device::Meeting Device::meet_over_http(const ServerAddress& address, const SyncOptions& options,
                                       SyncReport& report) {
  Meeting meeting;
  auto client = HttpClient::connect(address, endpoint_.line(), connect_timeout);
  if (!client) {
    meeting.done = client.error();
    return meeting;
  }
  ++report.connections;
  report.over_http = true;
  std::optional<FileSync> files;
  LineProof proof;
  for (bool more = true; more;) {
    if (!files) files.emplace(replica_, files_);
    const std::uint64_t pulled_before = replica_.pull().cursor.position.value;
    const std::uint64_t known_before = replica_.own().verdicts_known();
    const bool was_proved = proof.is_proved;
    SyncEngine engine(replica_, false);
    const Result<bool> exchanged = exchange(engine, *files, **client, proof, options);
    meeting.done = exchanged ? Result<void>{} : Result<void>(exchanged.error());
    if (engine.state() == SyncState::running) {
      if (Result<void> kept = note_greeting(engine); !kept && meeting.done) meeting.done = kept;
      if (options.on_met) options.on_met();
    }
    Result<void> noted = note_meeting(engine, meeting.done);
    if (!noted && meeting.done) meeting.done = noted;
    meeting.state = engine.state();
    meeting.retry_after = std::chrono::milliseconds(engine.retry_after_milliseconds());
    meeting.moved_to = engine.moved_to();
    report.progress = engine.progress();
    report.clock_difference_milliseconds = engine.clock_difference_milliseconds();
    if (!meeting.done) break;
    const Result<bool> has_files = files->has_work();
    if (!has_files) meeting.done = has_files.error();
    if (!meeting.done) break;
    if (options.on_files) options.on_files(files->progress());
    if (options.on_progress) options.on_progress(report.progress);
    const bool moved = *exchanged || (!was_proved && proof.is_proved) ||
                       replica_.pull().cursor.position.value > pulled_before ||
                       replica_.own().verdicts_known() > known_before;
    const bool is_synced = report.progress.synced();
    // A file that the server takes no notice of is no reason to ask for ever.
    if (is_synced && (!*has_files || !moved)) {
      report.add(files->progress());
      files.reset();  // Whoever stays asks anew for what was refused.
      if (options.live) pause(http_pause, options);
      more = options.live && meeting.done;
    } else if (!moved) {
      meeting.done = Error{ErrorCode::timed_out, "the server says nothing new"};
      more = false;
    }
    if (options.keep_going && !options.keep_going()) more = false;
  }
  if (files) report.add(files->progress());
  report.bytes_sent += (*client)->bytes_sent();
  report.bytes_received += (*client)->bytes_received();
  Result<void> kept = endpoint_.note_session(*store_, (*client)->ticket());
  if (!kept && meeting.done) meeting.done = kept;
  return meeting;
}

/// What the server lacks as far as it fits, and what it has to say; only the greeting as long as it
/// has not proved itself on this line.
Result<bool> Device::exchange(SyncEngine& engine, FileSync& files, HttpClient& client,
                              LineProof& proof, const SyncOptions& options) {
  if (proof.is_proved) engine.go_on(proof.challenge);
  engine.speak_of_files();
  engine.keep_files(files_);
  const Result<SyncEngine::Frames> frames =
      engine.start(platform::now(), platform::random_16(), 0, client.binding());
  if (!frames) return frames.error();
  // Own events go alone, before files.
  const std::size_t greeting_frames = proof.challenge ? 2 : 1;
  const bool is_turn_of_files = proof.is_proved && frames->size() == greeting_frames;
  Result<SyncEngine::Frames> behind = SyncEngine::Frames{};
  if (is_turn_of_files) behind = files.next_turn(platform::steady_milliseconds());
  if (!behind) return behind.error();
  const auto answer = client.exchange(*frames, options.patience, *behind);
  if (!answer) return answer.error();
  SyncEngine::Frames next;
  for (const protocol::Message& message : *answer) {
    const bool is_proved = engine.state() != SyncState::greeting;
    if (is_proved && FileSync::takes(message)) {
      Result<void> taken = files.on_message(message, platform::steady_milliseconds());
      if (!taken) return taken.error();
      continue;
    }
    // What the engine would send now, the next request begins with.
    const auto taken = engine.on_message(message, platform::now());
    if (!taken) return taken.error();
    if (engine.progress().repairing && !taken->empty()) next = *taken;
  }
  const bool brought_files_on = is_turn_of_files && files.end_turn(platform::steady_milliseconds());
  // RepairBatches need nothing of a connection: each goes behind the same greeting.
  while (!next.empty()) {
    SyncEngine::Frames repair_batch{frames->front()};
    engine.append_answer(repair_batch);
    std::erase_if(next, [](const auto& frame) {
      return std::holds_alternative<protocol::Answer>(frame);  // Once is enough.
    });
    std::ranges::move(next, std::back_inserter(repair_batch));
    const auto more = client.exchange(repair_batch, options.patience);
    if (!more) return more.error();
    next.clear();
    for (const protocol::Message& message : *more) {
      if (const auto* const welcome = std::get_if<protocol::Welcome>(&message)) {
        if (Result<void> proved = engine.renew(*welcome); !proved) return proved.error();
      }
      if (!std::holds_alternative<protocol::Reconcile>(message)) continue;
      auto taken = engine.on_message(message, platform::now());
      if (!taken) return taken.error();
      next = std::move(*taken);
    }
  }
  proof.is_proved = engine.state() == SyncState::running;
  proof.challenge = engine.challenge();
  return brought_files_on;
}

}  // namespace clients
