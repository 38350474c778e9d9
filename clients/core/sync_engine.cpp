#include "clients/core/sync_engine.h"

#include "clients/core/server_time.h"
#include "events/archive/compact.h"
#include "events/check.h"
#include "events/compression/wire_block.h"

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
  progress.unproved = replica_.unproved_count();
  progress.asked_for_proofs = asked_for_proofs_;
  progress.snapshot = snapshots_.progress();
  progress.healing = giving_back_.has_value();
  progress.given_back = given_back_;
  return progress;
}

Result<Frames> SyncEngine::start(Timestamp now, const std::array<std::uint8_t, 16>& nonce,
                                 std::uint64_t push_from,
                                 const std::optional<protocol::ChannelBinding>& binding) {
  CHECK(state_ == SyncState::idle, "one engine serves one connection");
  if (replica_.identity().is_locked()) return Error{ErrorCode::locked, "the device is locked"};
  replica_.forget_arriving();
  const OfflineLog& own = replica_.own();
  const PullState& pull = replica_.pull();

  protocol::Hello hello;
  hello.features = features_;
  hello.log = replica_.identity().log;
  hello.chain = replica_.identity().chain;
  hello.device_time = now;
  hello.nonce = nonce;
  hello.head_seq = own.head().seq;
  hello.head_hash = own.head().hash;
  hello.verdicts_known = verdicts_to_claim();
  hello.cursor = pull.cursor;
  hello.rules = replica_.overlay().confirmed().rulebook().rules();
  hello.live = live_;
  Result<ScopeKeeper> keeper = ScopeKeeper::load(replica_);
  if (!keeper) return fail(keeper.error().code, keeper.error().message);
  keeper_.emplace(std::move(*keeper));
  if (files_ != nullptr) keeper_->keep_files(*files_);
  keeper_->greet(hello, now);
  if (accepts_snapshots_) hello.features |= protocol::feature_snapshots;
  const events::SigningKey key = events::SigningKey::from_seed(replica_.identity().seed);
  protocol::sign(hello, key, binding);

  state_ = SyncState::greeting;
  accepted_ = own.verdicts_known();
  next_push_ = std::max(accepted_ + 1, push_from);
  Frames frames{std::move(hello)};
  Result<Frames> pushes = push_window(now);
  if (!pushes) return pushes.error();
  std::ranges::move(*pushes, std::back_inserter(frames));
  return with_receipt(std::move(frames));
}

std::uint64_t SyncEngine::verdicts_to_claim() const {
  const OfflineLog& own = replica_.own();
  const std::uint64_t known = own.verdicts_known();
  const bool is_signed = replica_.receipt_book().covers(replica_.identity().chain) >= known;
  // The connection was cut before the signature came: the last answer is asked for again, with it.
  return is_signed ? known : own.receipts().rbegin()->first - 1;
}

Result<Frames> SyncEngine::on_message(const protocol::Message& message, Timestamp now) {
  if (state_ != SyncState::greeting && state_ != SyncState::running) {
    return Error{ErrorCode::closed, "the connection is over"};
  }
  return std::visit(
      [&]<class T>(const T& frame) -> Result<Frames> {
        if constexpr (requires { serve(frame, now); }) {
          constexpr bool may_come_first =
              std::is_same_v<T, protocol::Welcome> || std::is_same_v<T, protocol::Goaway> ||
              std::is_same_v<T, protocol::Moved> || std::is_same_v<T, protocol::ErrorFrame>;
          if (state_ == SyncState::greeting && !may_come_first) {
            return fail(ErrorCode::malformed, "a frame before the greeting was answered");
          }
          return serve(frame, now);
        } else {
          return fail(ErrorCode::malformed, "a frame that only devices send");
        }
      },
      message);
}

Result<Frames> SyncEngine::serve(const protocol::Welcome& welcome, Timestamp now) {
  if (state_ != SyncState::greeting) return fail(ErrorCode::malformed, "a second greeting");
  if (welcome.log != replica_.identity().log) {
    return fail(ErrorCode::wrong_log, "the server keeps another log");
  }
  const Timestamp known = keeper_->grant() ? keeper_->grant()->granted_at : Timestamp{};
  if (!is_letter_ && !may_be_now(welcome.server_time, known, now)) {
    return fail(ErrorCode::server_clock, "the server's clock is wrong", SyncState::stopped);
  }
  if (welcome.action == protocol::WelcomeAction::heal) return begin_giving_back(welcome);
  const OfflineLog& own = replica_.own();
  if (welcome.accepted_seq > own.head().seq ||
      own.hash_at(welcome.accepted_seq) != welcome.accepted_hash) {
    return fail(ErrorCode::fork, "the server holds other events of this chain", SyncState::forked);
  }
  server_time_ = welcome.server_time;
  clock_difference_ =
      static_cast<std::int64_t>(welcome.server_time.value) - static_cast<std::int64_t>(now.value);
  if (was_rewritten(welcome)) {
    if (Result<void> dropped = replica_.restart_pull(welcome.scope, true); !dropped) {
      return fail(dropped.error().code, dropped.error().message);
    }
    return fail(ErrorCode::log_diverged, "the log was restored; the pull starts again",
                SyncState::reconnect);
  }
  if (welcome.action == protocol::WelcomeAction::restart_pull) {
    if (Result<void> noted = keeper_->before_restart(welcome.scope, now); !noted) {
      return fail(noted.error().code, noted.error().message);
    }
    if (Result<void> dropped = replica_.restart_pull(welcome.scope, false); !dropped) {
      return fail(dropped.error().code, dropped.error().message);
    }
  } else if (Result<void> kept = replica_.take_scope(welcome.scope); !kept) {
    return fail(kept.error().code, kept.error().message);
  }

  state_ = SyncState::running;
  epoch_ = welcome.epoch;
  log_head_ = welcome.head;
  accepted_ = std::max(accepted_, welcome.accepted_seq);
  std::erase_if(under_way_, [&](std::uint64_t last) { return last <= accepted_; });
  next_push_ = std::max(next_push_, accepted_ + 1);
  Result<Frames> frames = push_window(now);
  if (frames) ask_for_proofs(1, *frames);
  return frames;
}

Result<Frames> SyncEngine::serve(const protocol::PushAck& ack, Timestamp now) {
  if (ack.upto_seq > replica_.own().head().seq) {
    return fail(ErrorCode::malformed, "an acknowledgement of events that were never made");
  }
  for (const events::BlockReceipt& receipt : ack.receipts) {
    if (receipt.epoch > epoch_) return fail(ErrorCode::log_diverged, "a receipt of a later epoch");
  }
  const Result<std::vector<events::BlockReceipt>> fresh = replica_.own().new_receipts(ack.receipts);
  if (!fresh) return fail(fresh.error().code, fresh.error().message);
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
    if (receipt.last() > replica_.pull().frontier) caught_up_ = false;
  }
  std::erase_if(under_way_, [&](std::uint64_t last) { return last <= accepted_; });
  next_push_ = std::max(next_push_, accepted_ + 1);
  return with_receipt(push_window(now));
}

Result<Frames> SyncEngine::with_receipt(Result<Frames> frames) {
  if (!frames) return frames;
  Result<std::optional<protocol::Purged>> receipt = keeper_->settle();
  if (!receipt) return fail(receipt.error().code, receipt.error().message);
  if (*receipt) frames->push_back(std::move(**receipt));
  return frames;
}

Result<Frames> SyncEngine::serve(const protocol::ScopeGrant& grant, Timestamp now) {
  if (Result<void> taken = keeper_->take(grant, server_time_, now); !taken) {
    const bool is_clock = taken.error().code == ErrorCode::server_clock;
    return fail(taken.error().code, taken.error().message,
                is_clock ? SyncState::stopped : SyncState::failed);
  }
  return with_receipt(Frames{});
}

Result<Frames> SyncEngine::serve(const protocol::PushNak& nak, Timestamp now) {
  if (giving_back_) return Frames{};  // What went behind the greeting; it is pushed again later.
  const std::string why = "push refused: " + nak.message;
  switch (nak.reason) {
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
    return fail(is_new.error().code, is_new.error().message,
                forked ? SyncState::forked : SyncState::failed);
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
      if (Result<void> swept = keeper_->sweep_files(now); !swept) {
        return fail(swept.error().code, swept.error().message);
      }
    }
  }
  return with_receipt(Frames{});
}

Result<Frames> SyncEngine::serve(const protocol::Live& frame, Timestamp /*now*/) {
  Result<events::LiveBlock> live =
      events::unpack_live_block(frame.block, replica_.identity().log, epoch_);
  if (!live) return fail(live.error().code, live.error().message);
  const Result<bool> is_new = replica_.check_live(*live);
  if (!is_new) return fail(is_new.error().code, is_new.error().message);
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
  ask_for_proofs(protocol::unproved_blocks_max, frames);
  return frames;
}

void SyncEngine::ask_for_proofs(std::size_t count, Frames& frames) {
  if (asked_for_proofs_) return;
  protocol::Prove prove{replica_.unproved(proofs_asked_to_, protocol::unproved_blocks_max)};
  if (prove.blocks.empty() || prove.blocks.size() < count) return;
  asked_for_proofs_ = true;
  proofs_asked_to_ = prove.blocks.back();
  frames.push_back(std::move(prove));
}

Result<Frames> SyncEngine::serve(const protocol::Proofs& frame, Timestamp /*now*/) {
  if (Result<void> taken = replica_.take_proofs(frame.proofs); !taken) {
    return fail(taken.error().code, "a live block was not its author's: " + taken.error().message);
  }
  asked_for_proofs_ = false;
  Frames frames;
  ask_for_proofs(live_ ? protocol::unproved_blocks_max : 1, frames);
  return frames;
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
    return fail(taken.error().code, taken.error().message);
  }
  return with_receipt(Frames{});  // A purge may have waited for it.
}

Result<Frames> SyncEngine::serve(const protocol::Moved& moved, Timestamp /*now*/) {
  const Identity& identity = replica_.identity();
  if (moved.log != identity.log || !is_authentic(moved, identity.server_key)) {
    return fail(ErrorCode::bad_signature, "a new address that the server did not sign");
  }
  moved_to_ = moved.address;
  return fail(ErrorCode::closed, "the log has moved to " + moved.address, SyncState::moved);
}

Result<Frames> SyncEngine::serve(const protocol::Goaway& goaway, Timestamp /*now*/) {
  retry_after_ = goaway.retry_after_milliseconds;
  switch (goaway.reason) {
    case protocol::GoawayReason::revoked:
      return fail(ErrorCode::revoked, "the device was revoked", SyncState::revoked);
    case protocol::GoawayReason::scope_changed:
      return fail(ErrorCode::closed, "the scope changed", SyncState::reconnect);
    case protocol::GoawayReason::shutting_down:
    case protocol::GoawayReason::replaced:
    case protocol::GoawayReason::overloaded:
      break;
  }
  return fail(ErrorCode::closed, "the server closes the connection", SyncState::stopped);
}

Result<Frames> SyncEngine::serve(const protocol::ErrorFrame& frame, Timestamp /*now*/) {
  if (frame.code == ErrorCode::fork) return fail(frame.code, frame.message, SyncState::forked);
  if (frame.code == ErrorCode::revoked) return fail(frame.code, frame.message, SyncState::revoked);
  if (frame.code == ErrorCode::server_clock) {
    return fail(frame.code, frame.message, SyncState::stopped);
  }
  if (frame.code == ErrorCode::busy && giving_back_) {
    return fail(frame.code, frame.message, SyncState::healing);
  }
  if (frame.code == ErrorCode::log_diverged) {
    if (Result<void> dropped = replica_.restart_pull(replica_.pull().scope, true); !dropped) {
      return fail(dropped.error().code, dropped.error().message);
    }
    return fail(frame.code, frame.message, SyncState::reconnect);
  }
  return fail(frame.code, frame.message);
}

Result<Frames> SyncEngine::serve(const protocol::Parked& parked, Timestamp /*now*/) {
  parked_.push_back(parked);
  return Frames{};
}

protocol::Enrol make_enrol(std::string code, const events::SecretSeed& seed, std::string label,
                           std::optional<protocol::Founding> founding,
                           const std::optional<protocol::ChannelBinding>& binding) {
  const events::SigningKey key = events::SigningKey::from_seed(seed);
  protocol::Enrol enrol;
  enrol.code = std::move(code);
  enrol.public_key = key.public_key();
  enrol.label = std::move(label);
  enrol.founding = std::move(founding);
  protocol::sign(enrol, key, binding);
  return enrol;
}

Result<Identity> identity_from(const protocol::Enrolled& enrolled, const events::SecretSeed& seed,
                               std::string label) {
  if (enrolled.log.value == 0 || enrolled.chain <= events::system_chain) {
    return Error{ErrorCode::malformed, "the answer gives no chain to the device"};
  }
  Identity identity;
  identity.seed = seed;
  identity.log = enrolled.log;
  identity.chain = enrolled.chain;
  identity.device = enrolled.device;
  identity.server_key = enrolled.server_key;
  identity.persons = enrolled.persons;
  identity.label = std::move(label);
  return identity;
}

}  // namespace clients
