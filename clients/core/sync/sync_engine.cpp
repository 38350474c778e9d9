#include "clients/core/sync/sync_engine.h"

#include "events/packing/wire_block.h"

#include <algorithm>
#include <utility>

namespace clients {

using events::Error;
using events::ErrorCode;
using events::Position;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = SyncEngine::Frames;

namespace {

/// Blocks refused again and again without progress end the connection.
constexpr int resends_max = 5;

}  // namespace

Error SyncEngine::fail(ErrorCode code, std::string why, SyncState state) {
  state_ = state;
  reason_ = why;
  return Error{code, std::move(why)};
}

SyncProgress SyncEngine::progress() const {
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
  progress.repairing = repair_sender_.has_value();
  progress.blocks_returned = blocks_returned_;
  return progress;
}

Result<Frames> SyncEngine::on_message(const protocol::Message& message, Timestamp now) {
  if (state_ != SyncState::greeting && state_ != SyncState::running) {
    return Error{ErrorCode::closed, "the connection is over"};
  }
  return std::visit(
      [&]<class T>(const T& frame) -> Result<Frames> {
        constexpr bool may_come_first =
            std::is_same_v<T, protocol::Welcome> || std::is_same_v<T, protocol::Goaway> ||
            std::is_same_v<T, protocol::Moved> || std::is_same_v<T, protocol::ErrorFrame>;
        if (state_ == SyncState::greeting && !may_come_first) {
          return fail(ErrorCode::unproved_server, "a frame before the greeting was answered");
        }
        if constexpr (requires { serve(frame, now); }) {
          return serve(frame, now);
        } else {
          return fail(ErrorCode::malformed, "a frame that only devices send");
        }
      },
      message);
}

Result<Frames> SyncEngine::serve(const protocol::PushAck& ack, Timestamp now) {
  if (ack.upto_seq > replica_.own().head().seq) {
    return fail(ErrorCode::malformed, "an acknowledgement of events that were never made");
  }
  for (const events::BlockReceipt& receipt : ack.receipts) {
    if (receipt.epoch > epoch_) return fail(ErrorCode::log_diverged, "a receipt of a later epoch");
  }
  const Result<std::vector<events::BlockReceipt>> fresh = replica_.own().new_receipts(ack.receipts);
  if (!fresh) return refuse_receipt(fresh.error());
  if (Result<void> taken = replica_.take_receipts(*fresh); !taken) {
    return fail(taken.error().code, taken.error().message);
  }
  if (ack.upto_seq > accepted_) {
    accepted_ = ack.upto_seq;
    resent_from_ = 0;
    resends_ = 0;
  }
  for (const events::BlockReceipt& receipt : *fresh) {
    log_head_ = std::max(log_head_, receipt.last());
    // A MARK follows that covers them; only then are they official here.
    if (receipt.last() > replica_.pull().synced_upto) caught_up_ = false;
  }
  std::erase_if(under_way_, [&](std::uint64_t last) { return last <= accepted_; });
  next_push_ = std::max(next_push_, accepted_ + 1);
  return stop_pushing(with_receipt(push_window(now)));
}

Result<Frames> SyncEngine::with_receipt(Result<Frames> frames) {
  if (!frames) return frames;
  Result<std::optional<protocol::Purged>> receipt = scope_state_->settle();
  if (!receipt) return fail(receipt.error().code, receipt.error().message);
  if (*receipt) frames->push_back(std::move(**receipt));
  return frames;
}

Result<Frames> SyncEngine::serve(const protocol::ScopeGrant& grant, Timestamp now) {
  if (Result<void> taken = scope_state_->take(grant, server_time_, now); !taken) {
    const bool is_clock = taken.error().code == ErrorCode::server_clock;
    return fail(taken.error().code, taken.error().message,
                is_clock ? SyncState::stopped : SyncState::failed);
  }
  return with_receipt(Frames{});
}

Result<Frames> SyncEngine::serve(const protocol::PushNak& nak, Timestamp now) {
  if (repair_sender_) return Frames{};  // What went behind the greeting; it is pushed again later.
  const std::string why = "push refused: " + nak.message;
  if (is_over_quota() && nak.reason == ErrorCode::gap) return Frames{};  // Of what went behind it.
  switch (nak.reason) {
    case ErrorCode::quota:
      push_upto_ = 0;
      push_stop_ = Error{nak.reason, why};
      reason_ = why;
      under_way_.clear();
      return stop_pushing(Frames{});
    case ErrorCode::fork:
      return fail(nak.reason, why, SyncState::forked);
    case ErrorCode::revoked:
    case ErrorCode::not_enrolled:
      return fail(nak.reason, why, SyncState::revoked);
    case ErrorCode::busy:
    case ErrorCode::server_clock:
      return fail(nak.reason, why, SyncState::stopped);
    case ErrorCode::gap:
    case ErrorCode::private_missing:
      break;
    default:
      return fail(nak.reason, why);
  }

  const std::uint64_t from =
      nak.reason == ErrorCode::private_missing ? nak.first_seq : nak.expected_seq;
  if (from == 0 || from > replica_.own().head().seq + 1 || from <= accepted_) {
    // Behind what is acknowledged already: the answer to something sent before that.
    if (from != 0 && from <= accepted_) return push_window(now);
    return fail(ErrorCode::malformed, "a refusal that expects events never made");
  }
  if (nak.reason == ErrorCode::gap && from == resent_from_) return Frames{};  // Already resent.
  if (++resends_ > resends_max) return fail(nak.reason, why + " (again and again)");
  resent_from_ = from;
  under_way_.clear();
  next_push_ = from;
  return push_window(now);
}

Result<Frames> SyncEngine::serve(const protocol::Events& frame, Timestamp /*now*/) {
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

Result<Frames> SyncEngine::serve(const protocol::Mark& mark, Timestamp now) {
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

bool SyncEngine::is_over_quota() const {
  return push_stop_ && push_stop_->code == ErrorCode::quota;
}

Result<Frames> SyncEngine::stop_pushing(Result<Frames> frames) {
  const bool waits = !push_stop_ || live_ || !caught_up_ || !asked_.empty() || !under_way_.empty();
  if (!frames || waits || by_bundle_) return frames;
  return fail(push_stop_->code, push_stop_->message, SyncState::stopped);
}

Result<Frames> SyncEngine::serve(const protocol::Live& frame, Timestamp /*now*/) {
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

std::size_t SyncEngine::proofs_worth_asking() const {
  return live_ && replica_.open_count() == 0 ? protocol::unproved_blocks_max : 1;
}

void SyncEngine::ask_for_proofs(std::size_t count, Frames& frames) {
  // A carrier takes no question back.
  if (!asked_.empty() || by_bundle_) return;
  protocol::Prove prove{replica_.unproved(proofs_asked_to_, protocol::unproved_blocks_max)};
  if (prove.blocks.empty() || prove.blocks.size() < count) return;
  asked_ = prove.blocks;
  proofs_asked_to_ = prove.blocks.back();
  frames.push_back(std::move(prove));
}

Result<Frames> SyncEngine::serve(const protocol::Proofs& frame, Timestamp /*now*/) {
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

Result<Frames> SyncEngine::serve(const protocol::SnapOffer& offer, Timestamp /*now*/) {
  if (!accepts_snapshots_) return fail(ErrorCode::malformed, "a snapshot that was not asked for");
  Result<protocol::SnapWant> want = snapshots_.take(offer, {epoch_, log_head_});
  if (!want) return fail(want.error().code, want.error().message);
  Frames frames;
  frames.push_back(std::move(*want));
  return frames;
}

Result<Frames> SyncEngine::serve(const protocol::Snap& snap, Timestamp /*now*/) {
  const Result<void> taken = snapshots_.take(snap);
  if (taken) return Frames{};
  // Nothing of it counts yet: the log comes instead.
  const bool is_wrong = taken.error().code == ErrorCode::malformed;
  return fail(taken.error().code, "snapshot: " + taken.error().message,
              is_wrong ? SyncState::reconnect : SyncState::failed);
}

Result<Frames> SyncEngine::serve(const protocol::PrivateRecords& frame, Timestamp /*now*/) {
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

Result<Frames> SyncEngine::serve(const protocol::SignedReceipt& receipt, Timestamp /*now*/) {
  if (receipt.epoch > epoch_) return fail(ErrorCode::log_diverged, "a receipt of a later epoch");
  if (Result<void> taken = replica_.take_signed_receipt(receipt); !taken) {
    return refuse_receipt(taken.error());
  }
  return with_receipt(Frames{});  // A purge may have waited for it.
}

Result<Frames> SyncEngine::serve(const protocol::Parked& parked, Timestamp /*now*/) {
  parked_.push_back(parked);
  return Frames{};
}

}  // namespace clients
