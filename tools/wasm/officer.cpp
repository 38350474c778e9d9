// What a page for officers stands on: a device without I/O, all of it reachable from outside.

#include "clients/core/bundle/offline_bundle.h"
#include "clients/core/files/file_sweep.h"
#include "clients/core/files/file_sync.h"
#include "clients/core/log/memory_store.h"
#include "clients/core/replica/workspace.h"
#include "clients/core/sync/sync_engine.h"
#include "events/protocol/frame_codec.h"
#include "projections/views/all_projections.h"

#include <emscripten.h>

#include <map>
#include <optional>

namespace {

clients::MemoryStore store;
clients::MemoryFileStore files;
std::optional<clients::Replica> replica;
std::optional<clients::Workspace> workspace;
std::optional<clients::SyncEngine> engine;
std::optional<clients::FileSync> file_sync;
events::Bytes answer;

void give(const events::Result<clients::SyncEngine::Frames>& frames) {
  answer.clear();
  if (!frames) return;
  for (const events::protocol::Message& frame : *frames) {
    const events::Bytes bytes = events::protocol::encode_frame(frame);
    answer.insert(answer.end(), bytes.begin(), bytes.end());
  }
}

events::Timestamp time_of(double now) { return events::Timestamp{static_cast<std::uint64_t>(now)}; }

}  // namespace

extern "C" {

EMSCRIPTEN_KEEPALIVE std::uint8_t* answer_bytes() { return answer.data(); }
EMSCRIPTEN_KEEPALIVE std::uint32_t answer_size() { return answer.size(); }

EMSCRIPTEN_KEEPALIVE int load() {
  auto loaded = clients::Replica::load(store);
  if (!loaded) return 0;
  replica.emplace(std::move(*loaded));
  workspace.emplace(*replica);
  return 1;
}

/// Records an event whose canonical bytes are given, with one private field where it has a record.
EMSCRIPTEN_KEEPALIVE int record(const std::uint8_t* bytes, std::uint32_t size, double now) {
  auto event = events::read_event(events::ByteView{bytes, size});
  if (!event) return -1;
  clients::RecordRequest request;
  request.payload = std::move(event->payload);
  request.about = event->header.stream;
  request.actor = event->header.actor;
  request.business_day = event->header.business_day;
  std::vector<clients::RecordRequest> requests{request};
  const auto recorded = workspace->record_together(requests, time_of(now));
  return recorded ? static_cast<int>(recorded->recorded.size()) : -1;
}

EMSCRIPTEN_KEEPALIVE std::uint32_t history(std::uint32_t chain, double seq) {
  const auto lines = workspace->history(events::DossierId{
      events::EventId{events::ChainNumber{chain}, static_cast<std::uint64_t>(seq)}});
  return lines ? lines->size() : 0;
}
EMSCRIPTEN_KEEPALIVE double pending() {
  const auto counts = workspace->pending_counts();
  return static_cast<double>(counts.device_only + counts.waiting + counts.refused);
}

EMSCRIPTEN_KEEPALIVE void sync_start(double now, const std::uint8_t* nonce) {
  engine.emplace(*replica, true);
  engine->accept_snapshots();
  engine->speak_of_files();
  engine->keep_files(files);
  std::array<std::uint8_t, 16> drawn{};
  for (std::size_t at = 0; at < drawn.size(); ++at) drawn[at] = nonce[at];
  give(engine->start(time_of(now), drawn));
  file_sync.emplace(*replica, files);
}
EMSCRIPTEN_KEEPALIVE int sync_take(const std::uint8_t* bytes, std::uint32_t size, double now) {
  const auto messages = events::protocol::read_frames({bytes, size});
  if (!messages || messages->empty()) return -1;
  const events::protocol::Message* const message = &messages->front();
  if (clients::FileSync::takes(*message)) {
    return file_sync->on_message(*message, static_cast<std::uint64_t>(now)) ? 1 : -1;
  }
  give(engine->on_message(*message, time_of(now)));
  return static_cast<int>(engine->state());
}
EMSCRIPTEN_KEEPALIVE void sync_push(double now) { give(engine->push_new(time_of(now))); }
EMSCRIPTEN_KEEPALIVE double sync_progress() {
  return static_cast<double>(engine->progress().events_received);
}
EMSCRIPTEN_KEEPALIVE int file_next(double now) {
  const auto frame = file_sync->next(static_cast<std::uint64_t>(now));
  if (!frame || !*frame) return 0;
  answer = events::protocol::encode_frame(**frame);
  return 1;
}
EMSCRIPTEN_KEEPALIVE int file_turn(double now) {
  const auto turn = file_sync->next_turn(static_cast<std::uint64_t>(now));
  file_sync->end_turn(static_cast<std::uint64_t>(now));
  return turn ? static_cast<int>(turn->size()) : -1;
}
EMSCRIPTEN_KEEPALIVE int sweep(double now) {
  return clients::sweep_files(
             *replica, files, [](events::UnitId, bool) { return true; }, time_of(now))
             ? 1
             : 0;
}

EMSCRIPTEN_KEEPALIVE int bundle_export(double now) {
  clients::BundleMaking making;
  making.now = time_of(now);
  const clients::FilePacking packing{files};
  making.files = &packing;
  answer.clear();
  const auto report =
      clients::export_bundle(*replica, making, [](events::ByteView bytes) -> events::Result<void> {
        answer.insert(answer.end(), bytes.begin(), bytes.end());
        return {};
      });
  return report ? 1 : 0;
}
EMSCRIPTEN_KEEPALIVE int bundle_import(const std::uint8_t* bytes, std::uint32_t size, double now) {
  events::bundle::MemorySource source(events::ByteView{bytes, size});
  const auto report =
      clients::import_bundle(*replica, files, source, events::SealingSecret{}, time_of(now));
  return report ? 1 : 0;
}

EMSCRIPTEN_KEEPALIVE double views() {
  projections::Views views;
  const projections::State::OnEffect follow = views.on_effect();
  projections::State state;
  const auto replayed =
      replica->replay({}, replica->overlay().confirmed().applied(),
                      [&](const events::StoredEvent& event, const events::ScopeSet& scope) {
                        state.apply(event, scope, follow);
                      });
  return replayed ? static_cast<double>(state.applied().value) : 0;
}
}
