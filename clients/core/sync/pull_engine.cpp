#include "clients/core/sync/pull_engine.h"

#include <algorithm>
#include <string>
#include <utility>
#include <variant>

// What all conversations share.  Each conversation has a source of its own, by the name that it has
// in server/session: greeting, pull, snapshot, scope; push and repair are SyncEngine's, and files
// have FileSync.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = PullEngine::Frames;

Error PullEngine::fail(ErrorCode code, std::string why, SyncState state) {
  state_ = state;
  reason_ = why;
  return Error{code, std::move(why)};
}

SyncProgress PullEngine::progress() const {
  SyncProgress progress;
  progress.own_events = replica_.own().head().seq;
  progress.accepted = accepted_;
  progress.verdicts_known = replica_.own().verdicts_known();
  progress.received_to = replica_.pull().cursor.position;
  progress.log_head = std::max(log_head_, progress.received_to);
  progress.blocks_received = blocks_received_;
  progress.events_received = events_received_;
  progress.caught_up = caught_up_;
  progress.live = live_;
  progress.unproved = replica_.unproved_count();
  progress.open = replica_.open_count();
  progress.asked_for_proofs = !asked_.empty();
  progress.head_confirmed = head_confirmed_;
  progress.snapshot = snapshots_.progress();
  progress.repairing = is_repairing_;
  return progress;
}

Result<Frames> PullEngine::on_message(const protocol::Message& message, Timestamp now) {
  if (state_ != SyncState::greeting && state_ != SyncState::running) {
    return Error{ErrorCode::closed, "the connection is over"};
  }
  const bool may_come_first = std::holds_alternative<protocol::Welcome>(message) ||
                              std::holds_alternative<protocol::Goaway>(message) ||
                              std::holds_alternative<protocol::Moved>(message) ||
                              std::holds_alternative<protocol::ErrorFrame>(message);
  if (state_ == SyncState::greeting && !may_come_first) {
    return fail(ErrorCode::unproved_server, "a frame before the greeting was answered");
  }
  Result<Frames> frames = std::visit(
      [&]<class T>(const T& frame) -> Result<Frames> {
        if constexpr (requires { serve(frame, now); }) {
          return serve(frame, now);
        } else {
          return serve_other(message, now);
        }
      },
      message);
  if (!frames) return frames;
  return behind_answer(std::move(*frames));
}

Result<Frames> PullEngine::serve_other(const protocol::Message& /*message*/, Timestamp /*now*/) {
  return fail(ErrorCode::malformed, "a frame that only devices send");
}

Result<Frames> PullEngine::push_window(Timestamp /*now*/) { return Frames{}; }

Result<Frames> PullEngine::owed_pushes(Timestamp /*now*/) { return Frames{}; }

}  // namespace clients
