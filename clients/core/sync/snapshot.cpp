#include "clients/core/sync/pull_engine.h"

#include <utility>

// How a device takes a snapshot in place of a long stretch of the log; SnapshotReceiver does the
// work.

namespace clients {

using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = PullEngine::Frames;

Result<Frames> PullEngine::serve(const protocol::SnapOffer& offer, Timestamp /*now*/) {
  if (!accepts_snapshots_) return fail(ErrorCode::malformed, "a snapshot that was not asked for");
  Result<protocol::SnapWant> want = snapshots_.take(offer, {epoch_, log_head_});
  if (!want) return fail(want.error().code, want.error().message);
  Frames frames;
  frames.push_back(std::move(*want));
  return frames;
}

Result<Frames> PullEngine::serve(const protocol::Snap& snap, Timestamp /*now*/) {
  const Result<void> taken = snapshots_.take(snap);
  if (taken) return Frames{};
  // Nothing of it counts yet: the log comes instead.
  const bool is_wrong = taken.error().code == ErrorCode::malformed;
  return fail(taken.error().code, "snapshot: " + taken.error().message,
              is_wrong ? SyncState::reconnect : SyncState::failed);
}

}  // namespace clients
