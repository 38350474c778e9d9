#include "tests/sim/device.h"
#include "tests/sim/violation.h"

#include <utility>

// What a device does with files of evidence: clients/device/device_meeting.cpp without a line.

namespace sim {

using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;

namespace {

/// So many frames of files leave before the device looks at what came in.
constexpr int pieces_at_once = 4;

}  // namespace

bool Device::file_write_crashed() {
  if (store_crashed()) return true;
  if (files_.take_crash() == FileWriteCrash::none) return false;
  tally_.count(Happening::device_crash_in_file);
  crash();
  return true;
}

bool Device::put_file(events::ByteView bytes) {
  if (files_.put(events::sha256(bytes), bytes)) return true;
  require(file_write_crashed(), Promise::live, "a device cannot write a file");
  return false;
}

bool Device::send_files(Timestamp now) {
  if (!file_sync_ || !link_) return false;
  if (engine_->state() != clients::SyncState::running || engine_->progress().repairing)
    return false;
  for (int sent = 0; sent < pieces_at_once; ++sent) {
    Result<std::optional<protocol::Message>> frame = file_sync_->next(now.value);
    if (!frame) {
      require(file_write_crashed(), Promise::live,
              [&] { return name_ + " cannot send a file: " + frame.error().message; });
      return true;
    }
    if (!*frame) return sent > 0;
    send({std::move(**frame)});
  }
  return true;
}

void Device::take_file_frame(const protocol::Message& frame, Timestamp now) {
  const auto* const state = std::get_if<protocol::BlobState>(&frame);
  if (state != nullptr && state->status == protocol::FileStatus::stored) {
    const auto* const row = host_.state().evidence_files().find(state->file.attached);
    require(row != nullptr && row->part(state->file.part).is_stored(), Promise::durable,
            [&] { return name_ + " is told that a file is stored; the log does not say so"; });
  }
  if (const auto* const piece = std::get_if<protocol::BlobChunk>(&frame)) {
    const auto* const row = workspace_->confirmed().evidence_files().find(piece->file.attached);
    require(row == nullptr || host_.was_let_in(replica_->identity().chain, row->scope),
            Promise::erasable, [&] { return name_ + " gets a file that is none of its business"; });
  }
  const std::size_t fetched = file_sync_->progress().files_fetched;
  const Result<void> taken = file_sync_->on_message(frame, now.value);
  if (!taken) {
    if (file_write_crashed()) return;
    // What comes down came twice.
    require(taken.error().code == events::ErrorCode::malformed, Promise::live,
            [&] { return name_ + " cannot take a file: " + taken.error().message; });
    return end_connection();
  }
  for (std::size_t count = file_sync_->progress().files_fetched; count > fetched; --count) {
    tally_.count(Happening::file_fetched);
  }
}

}  // namespace sim
