#include "clients/core/sync/sync_engine.h"
#include "events/base/ranges.h"
#include "events/packing/wire_block.h"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// How a device sends what it recorded: a window of runs, each behind its private records; and what
// it does with the answers: acknowledgements, refusals, signed receipts.

namespace clients {

using events::Digest;
using events::Error;
using events::ErrorCode;
using events::Result;
using events::Timestamp;
namespace protocol = events::protocol;
using Frames = SyncEngine::Frames;

namespace {

/// Private records in one frame: well below protocol::frame_bytes_max.
constexpr std::size_t private_bytes_per_frame = 14 * 1024;

/// Blocks refused again and again without progress end the connection.
constexpr int resends_max = 5;

}  // namespace

Result<Frames> SyncEngine::push_new(Timestamp now) {
  Result<Frames> frames = say_owed(now);
  if (!frames || owes() || state_ != SyncState::running) return frames;
  return said_after(std::move(*frames), stop_pushing(push_window(now)));
}

Result<Frames> SyncEngine::owed_pushes(Timestamp now) {
  Result<Frames> frames = Frames{};
  if (const auto after = std::exchange(owes_batch_, std::nullopt)) frames = give_batch(*after);
  if (!frames || !owes_pushes_) return frames;
  Result<Frames> pushes = stop_pushing(push_window(now));
  if (!pushes) return pushes;
  events::ranges::move(*pushes, std::back_inserter(*frames));
  return frames;
}

SyncProgress SyncEngine::progress() const {
  SyncProgress progress = PullEngine::progress();
  progress.blocks_returned = blocks_returned_;
  return progress;
}

Result<Frames> SyncEngine::serve_other(const protocol::Message& message, Timestamp now) {
  if (const auto* ack = std::get_if<protocol::PushAck>(&message)) return serve(*ack, now);
  if (const auto* nak = std::get_if<protocol::PushNak>(&message)) return serve(*nak, now);
  if (const auto* receipt = std::get_if<protocol::SignedReceipt>(&message)) {
    return serve(*receipt, now);
  }
  if (const auto* answer = std::get_if<protocol::Reconcile>(&message)) return serve(*answer, now);
  if (const auto* parked = std::get_if<protocol::Parked>(&message)) return serve(*parked, now);
  return PullEngine::serve_other(message, now);
}

Result<Frames> SyncEngine::push_window(Timestamp now) {
  owes_pushes_ = false;
  std::erase_if(under_way_, [&](std::uint64_t last) { return last <= accepted_; });
  next_push_ = std::max(next_push_, accepted_ + 1);
  if (under_way_.size() >= window_ || repair_sender_) return Frames{};
  const std::size_t room = window_ - under_way_.size();
  const std::uint64_t shown_before = receipt_shown_upto_;
  std::vector<std::uint64_t> cuts;
  auto blocks = replica_.own().cut(next_push_, push_upto_, room, &cuts);
  if (!blocks) return put_off_pushing(blocks.error());
  Frames frames;
  std::optional<Unreadable> unreadable = append_runs(*blocks, now, frames);
  if (unreadable) {
    if (unreadable->error.code != ErrorCode::storage_corrupt) {
      return fail(unreadable->error.code, unreadable->error.message);
    }
    // What is before it can go all the same.
    set_push_aside(unreadable->seq, unreadable->error);
    receipt_shown_upto_ = shown_before;
    cuts.clear();
    frames.clear();
    blocks = replica_.own().cut(next_push_, push_upto_, room, &cuts);
    if (!blocks) return put_off_pushing(blocks.error());
    unreadable = append_runs(*blocks, now, frames);
    if (unreadable) return fail(unreadable->error.code, unreadable->error.message);
  }
  if (Result<void> kept = replica_.take_cuts(cuts, *blocks); !kept) {
    return fail(kept.error().code, kept.error().message);
  }
  for (const events::DeviceBlock& block : *blocks) {
    under_way_.push_back(block.last_seq());
    next_push_ = block.last_seq() + 1;
  }
  return frames;
}

Result<Frames> SyncEngine::put_off_pushing(const Error& error) {
  if (waits_for_signature(error, owes_pushes_)) return Frames{};
  return fail(error.code, error.message);
}

void SyncEngine::set_push_aside(std::uint64_t seq, const Error& why) {
  const events::EventId id{replica_.identity().chain, seq};
  // A part of an act that has left cannot be taken back, so that the whole act stays.
  const std::uint64_t first = replica_.own().first_of_act(seq);
  push_upto_ = (first > replica_.own().sent_upto() ? first : seq) - 1;
  unreadable_ = seq;
  push_stop_ = Error{
      why.code, "own event " + to_string(id) + " and what is behind it stay here: " + why.message};
}

std::optional<SyncEngine::Unreadable> SyncEngine::append_runs(
    const std::vector<events::DeviceBlock>& blocks, Timestamp now, Frames& frames) {
  for (const events::DeviceBlock& block : blocks) {
    std::vector<Digest> beside;
    if (auto unreadable = append_privates(block, beside, frames)) return unreadable;
    frames.push_back(protocol::Push{now, events::pack_block(block, beside)});
  }
  return std::nullopt;
}

std::optional<SyncEngine::Unreadable> SyncEngine::append_privates(const events::DeviceBlock& block,
                                                                  std::vector<Digest>& added,
                                                                  Frames& frames) {
  protocol::PrivateRecords frame;
  std::size_t bytes = 0;
  const auto flush = [&] {
    if (!frame.records.empty()) frames.push_back(std::exchange(frame, {}));
    bytes = 0;
  };
  for (std::uint64_t seq = block.first_seq; seq <= block.last_seq(); ++seq) {
    const auto digest = events::private_digest_of(replica_.own().entry(seq).event.payload);
    if (!digest) continue;
    Result<std::optional<events::PrivateRecord>> record = replica_.store().private_record(*digest);
    if (!record) return Unreadable{seq, record.error()};
    if (!*record) {
      append_proof_of_erasure(seq, frames);
      continue;
    }
    const std::size_t size = (*record)->bytes.size() + 24;
    if (bytes + size > private_bytes_per_frame ||
        frame.records.size() == protocol::private_records_max) {
      flush();
    }
    bytes += size;
    frame.records.push_back(std::move(**record));
    added.push_back(*digest);
  }
  flush();
  return std::nullopt;
}

void SyncEngine::append_proof_of_erasure(std::uint64_t seq, Frames& frames) {
  if (seq <= receipt_shown_upto_) return;
  const std::optional<protocol::SignedReceipt> receipt =
      replica_.receipt_store().covering(replica_.identity().chain, seq);
  if (!receipt) return;  // The server has the record, or will say that it lacks it.
  receipt_shown_upto_ = receipt->upto_seq;
  frames.push_back(*receipt);
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
  return stop_pushing(with_receipt(push_window(now)));
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

Result<Frames> SyncEngine::serve(const protocol::SignedReceipt& receipt, Timestamp /*now*/) {
  if (receipt.epoch > epoch_) return fail(ErrorCode::log_diverged, "a receipt of a later epoch");
  if (Result<void> taken = replica_.take_signed_receipt(receipt); !taken) {
    return refuse_receipt(taken.error());
  }
  return with_receipt(Frames{});  // A purge may have waited for it.
}

Error SyncEngine::refuse_receipt(const Error& error) {
  const std::uint64_t proved = replica_.receipt_store().covers(replica_.identity().chain);
  const bool contradicts =
      error.code == ErrorCode::log_diverged || error.code == ErrorCode::malformed;
  if (contradicts && replica_.own().verdicts_known() > proved) {
    // One of the two is a lie, and it may be the one that is kept.
    if (Result<void> noted = replica_.doubt(); !noted) {
      return fail(noted.error().code, noted.error().message);
    }
  }
  return fail(error.code, error.message);
}

Result<Frames> SyncEngine::serve(const protocol::Parked& parked, Timestamp /*now*/) {
  parked_.push_back(parked);
  return Frames{};
}

bool SyncEngine::is_over_quota() const {
  return push_stop_ && push_stop_->code == ErrorCode::quota;
}

Result<Frames> SyncEngine::stop_pushing(Result<Frames> frames) {
  const bool waits = !push_stop_ || live_ || !caught_up_ || !asked_.empty() || !under_way_.empty();
  if (!frames || waits || by_bundle_ || owes()) return frames;
  return fail(push_stop_->code, push_stop_->message, SyncState::stopped);
}

}  // namespace clients
