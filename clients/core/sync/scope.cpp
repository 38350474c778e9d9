#include "clients/core/sync/pull_engine.h"

#include <optional>
#include <utility>

// The grant of the scope, and the receipt for what was destroyed with a grant; ScopeState does the
// work.

namespace clients {

using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = PullEngine::Frames;

Result<Frames> PullEngine::serve(const protocol::ScopeGrant& grant, Timestamp now) {
  if (Result<void> taken = scope_state_->take(grant, server_time_, now); !taken) {
    const bool is_clock = taken.error().code == ErrorCode::server_clock;
    return fail(taken.error().code, taken.error().message,
                is_clock ? SyncState::stopped : SyncState::failed);
  }
  return with_receipt(Frames{});
}

Result<Frames> PullEngine::with_receipt(Result<Frames> frames) {
  if (!frames) return frames;
  Result<std::optional<protocol::Purged>> receipt = scope_state_->settle();
  owes_receipt_ = false;
  if (!receipt && waits_for_signature(receipt.error(), owes_receipt_)) return frames;
  if (!receipt) return fail(receipt.error().code, receipt.error().message);
  if (*receipt) frames->push_back(std::move(**receipt));
  return frames;
}

}  // namespace clients
