#include "clients/core/sync/sync_engine.h"
#include "events/base/ranges.h"

// What a device does when its server was restored: it gives back what the log lost.

namespace clients {

using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = SyncEngine::Frames;

Result<Frames> SyncEngine::begin_repair(const protocol::Welcome& welcome) {
  state_ = SyncState::running;
  epoch_ = welcome.epoch;
  log_head_ = greeted_head_ = welcome.head;
  under_way_.clear();
  repair_sender_.emplace(replica_, welcome.head);
  is_repairing_ = true;
  Frames frames;
  append_answer(frames);
  frames.push_back(repair_sender_->question());
  return frames;
}

Result<Frames> SyncEngine::serve(const protocol::Reconcile& answer, Timestamp /*now*/) {
  if (!repair_sender_) return fail(ErrorCode::malformed, "nothing was given back");
  if (answer.complete) {
    return fail(ErrorCode::closed, "the restored server is whole again", SyncState::reconnect);
  }
  if (repair_sender_->is_over()) {
    return fail(ErrorCode::busy, "the restored server waits for what other devices have",
                SyncState::repairing);
  }
  return give_batch(answer.head);
}

Result<Frames> SyncEngine::give_batch(events::Position after) {
  Result<Frames> frames = repair_sender_->repair_batch(after);
  if (!frames && frames.error().code == ErrorCode::needs_signature) {
    owes_batch_ = after;
    return Frames{};
  }
  if (!frames) return fail(frames.error().code, frames.error().message);
  blocks_returned_ += static_cast<std::uint64_t>(events::ranges::count_if(
      *frames, [](const auto& frame) { return std::holds_alternative<protocol::Recover>(frame); }));
  return frames;
}

}  // namespace clients
