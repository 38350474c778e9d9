#include "clients/core/sync/pull_engine.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <utility>

// What a device does with what it receives: blocks, live blocks and their proofs, private records,
// and the marks that say how far nothing is missing.

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = PullEngine::Frames;

Result<Frames> PullEngine::serve(const protocol::Events& frame, Timestamp /*now*/) {
  Result<events::StoredBlock> block = events::unpack_stored_block(frame.block);
  if (!block) return fail(block.error().code, block.error().message);
  if (block->epoch > epoch_) return fail(ErrorCode::log_diverged, "a block of a later epoch");
  const Result<bool> is_new = replica_.check_foreign(*block);
  if (!is_new) {
    const bool forked =
        is_new.error().code == ErrorCode::fork && block->chain == replica_.identity().chain;
    return refuse_block(is_new.error(), forked ? SyncState::forked : SyncState::failed);
  }
  if (!*is_new) {
    replica_.forget_arriving_of(*block);
    return Frames{};
  }
  ++blocks_received_;
  events_received_ += block->entries.size();
  log_head_ = std::max(log_head_, block->last());
  caught_up_ = false;
  if (Result<void> taken = replica_.take_foreign(std::move(*block), frame.block, epoch_); !taken) {
    return fail(taken.error().code, taken.error().message);
  }
  return Frames{};
}

Result<Frames> PullEngine::serve(const protocol::Live& frame, Timestamp /*now*/) {
  Result<events::LiveBlock> live =
      events::unpack_live_block(frame.block, replica_.identity().log, epoch_);
  if (!live) return fail(live.error().code, live.error().message);
  if (!live_) return fail(ErrorCode::malformed, "a live block that was not asked for");
  const Result<bool> is_new = replica_.check_live(*live);
  if (!is_new) return refuse_block(is_new.error());
  const Position last = live->block.last();
  if (*is_new) {
    ++blocks_received_;
    events_received_ += live->block.entries.size();
    if (Result<void> taken = replica_.take_live(std::move(*live), frame.block); !taken) {
      return fail(taken.error().code, taken.error().message);
    }
  } else {
    replica_.forget_arriving_of(live->block);
  }
  log_head_ = std::max(log_head_, last);
  if (last >= replica_.pull().cursor.position) caught_up_ = frame.caught_up;
  Frames frames;
  ask_for_proofs(proofs_worth_asking(), frames);
  return stop_pushing(std::move(frames));
}

Result<Frames> PullEngine::serve(const protocol::PrivateRecords& frame, Timestamp /*now*/) {
  if (snapshots_.awaits_records()) {
    if (Result<void> taken = snapshots_.take(frame); !taken) {
      return fail(taken.error().code, "snapshot: " + taken.error().message, SyncState::reconnect);
    }
    return Frames{};
  }
  if (Result<void> taken = replica_.take_privates(frame.records); !taken) {
    return fail(taken.error().code, taken.error().message);
  }
  return Frames{};
}

Result<Frames> PullEngine::serve(const protocol::Mark& mark, Timestamp now) {
  if (mark.upto.epoch != epoch_) return fail(ErrorCode::log_diverged, "a mark of another epoch");
  // Who does not stay is told in step only by what the log has signed of this very place.
  if (mark.caught_up && !live_) head_confirmed_ = false;
  if (mark.head) {
    if (events::fingerprint_of(mark.head->root) != mark.upto.fingerprint) {
      return fail(ErrorCode::malformed, "a mark with two roots");
    }
    const Identity& identity = replica_.identity();
    const protocol::SignedHead head{identity.log,        epoch_,          identity.chain,
                                    mark.upto.position,  mark.head->root, mark.head->sum,
                                    mark.head->signature};
    if (Result<void> honest = check_head(head, now); !honest) return honest.error();
  }
  if (Result<void> taken = replica_.take_mark(mark.upto); !taken) {
    return fail(taken.error().code, taken.error().message);
  }
  log_head_ = std::max(log_head_, mark.upto.position);
  if (mark.upto.position >= replica_.pull().cursor.position) caught_up_ = mark.caught_up;
  if (caught_up_) {
    if (Result<void> swept = replica_.sweep_records(); !swept) {
      return fail(swept.error().code, swept.error().message);
    }
    if (!std::exchange(has_swept_files_, true)) {
      if (Result<void> swept = scope_state_->sweep_files(now); !swept) {
        return fail(swept.error().code, swept.error().message);
      }
    }
  }
  Frames frames;
  if (caught_up_) ask_for_proofs(proofs_worth_asking(), frames);
  if (caught_up_ && !head_confirmed_) head_confirmed_ = is_at_known_head(mark.upto);
  const bool lacks_head = caught_up_ && !head_confirmed_ && !mark.head && asked_.empty();
  if (lacks_head && !std::exchange(asked_for_head_, true)) {
    frames.push_back(protocol::Prove{});
    return with_receipt(std::move(frames));
  }
  return stop_pushing(with_receipt(std::move(frames)));
}

std::size_t PullEngine::proofs_worth_asking() const {
  return live_ && replica_.open_count() == 0 ? protocol::unproved_blocks_max : 1;
}

void PullEngine::ask_for_proofs(std::size_t count, Frames& frames) {
  // A carrier takes no question back.
  if (!asked_.empty() || by_bundle_) return;
  protocol::Prove prove{replica_.unproved(proofs_asked_to_, protocol::unproved_blocks_max)};
  if (prove.blocks.empty() || prove.blocks.size() < count) return;
  asked_ = prove.blocks;
  proofs_asked_to_ = prove.blocks.back();
  frames.push_back(std::move(prove));
}

Result<Frames> PullEngine::serve(const protocol::Proofs& frame, Timestamp /*now*/) {
  const std::size_t unproved = replica_.unproved_count();
  if (Result<void> taken = replica_.take_proofs(frame.proofs); !taken) {
    return refuse_block(
        {taken.error().code, "a block was not its author's: " + taken.error().message});
  }
  // Proofs of open blocks come without being asked for, perhaps before the answer.
  const bool shows_something = replica_.unproved_count() < unproved;
  std::erase_if(asked_, [&](Position first) { return !replica_.is_unproved(first); });
  Frames frames;
  if (!asked_.empty() && !shows_something) {
    return fail(ErrorCode::bad_signature, "the server does not show who made what it sent");
  }
  ask_for_proofs(proofs_worth_asking(), frames);
  if (!head_confirmed_) return frames;  // A MARK with a signed head follows.
  return stop_pushing(std::move(frames));
}

Error PullEngine::refuse_block(const Error& error, SyncState state) {
  if (state != SyncState::forked && replica_.unproved_count() > 0) {
    // One of the two is a lie: an honest server gives all of it once more.
    Result<void> dropped = replica_.restart_pull(replica_.pull().scope, false);
    if (!dropped) return fail(dropped.error().code, dropped.error().message);
  }
  return fail(error.code, error.message, state);
}

}  // namespace clients
