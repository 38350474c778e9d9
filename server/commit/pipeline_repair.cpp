#include "events/base/check.h"
#include "server/commit/lost_blocks.h"
#include "server/commit/pipeline.h"

#include <algorithm>
#include <utility>

// What a pipeline does while its log takes back what it lost.

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;
using events::StoredBlock;

namespace {

bool is_of_the_disk(const Error& error) {
  return error.code == ErrorCode::storage_failed || error.code == ErrorCode::storage_corrupt;
}

}  // namespace

Result<Pipeline::Repaired> Pipeline::repair(std::span<const StoredBlock> blocks) {
  CHECK(repair_, "only a restored log takes blocks as they are");
  if (!healthy_) return Error{ErrorCode::storage_failed, "an earlier append failed"};
  Repaired repaired;
  std::optional<LostBlocks> taken;
  // What is not covered by signatures, or refused, has been folded: those before are judged again.
  for (std::span<const StoredBlock> rest = blocks;; rest = rest.first(repaired.blocks)) {
    taken.emplace(log_, state_, frontier_, last_received_at_);
    std::size_t covered = 0;
    for (std::size_t index = 0; index < rest.size(); ++index) {
      if (const Result<void> took = taken->take(rest[index]); !took) {
        // What the log's own disk does not say is no fault of the block, nor of who gave it.
        if (is_of_the_disk(took.error())) return took.error();
        repaired.refused = taken->offender();
        repaired.why = took.error().message;
        break;
      }
      if (!taken->first_open()) covered = index + 1;
    }
    repaired.blocks = covered;
    if (covered == rest.size()) break;
  }
  if (repaired.blocks == 0 && !repaired.refused && !blocks.empty()) {
    repaired.refused = 0;
    repaired.why = "no signature covers it";
  }
  if (repaired.blocks == 0) return repaired;

  if (auto appended = log_.append(blocks.first(repaired.blocks), taken->edge()); !appended) {
    healthy_ = false;
    return appended.error();
  }
  frontier_ = taken->edge();
  last_received_at_ = taken->last_received_at();
  state_ = taken->release_state();
  changes_ = taken->release_changes();
  settle();
  access_index_.rebuild(state_);
  heads_.clear();
  const Result<events::ChainHead> system_head = log_.chain_head(events::system_chain);
  if (!system_head) return system_head.error();
  system_head_ = *system_head;
  // Those of earlier calls are kept: readers are told when all of it is done.
  for (const StoredBlock& block : blocks.first(repaired.blocks)) {
    if (std::ranges::find(last_scopes_, block.scope) == last_scopes_.end()) {
      last_scopes_.push_back(block.scope);
    }
  }
  return repaired;
}

Result<void> Pipeline::conclude_repair(const events::LogHead& restored, events::Timestamp now) {
  CHECK(repair_, "only a restored log is repaired");
  repair_ = false;
  const auto conclude = [&]() -> Result<void> {
    if (!healthy_) return Error{ErrorCode::storage_failed, "an earlier append failed"};
    const events::Position repaired = log_.head().position;
    if (auto counted = rebuild_quotas(); !counted) return counted;
    // What the lost server owed behind the last event comes at the time when it owed it.
    Batch owed = begin(last_received_at_);
    store_follow_ups(owed);
    if (auto appended = append(owed); !appended) return appended;
    std::vector<events::Payload> end;
    end.emplace_back(
        events::LogRestored{restored.position, repaired, restored.epoch, log_.head().epoch});
    const Result<events::EventId> appended = append_system(std::move(end), now);
    if (!appended) return appended.error();
    return {};
  };
  Result<void> concluded = conclude();
  repair_ = !concluded;
  return concluded;
}

}  // namespace server
