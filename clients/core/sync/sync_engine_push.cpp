#include "clients/core/sync/sync_engine.h"
#include "events/packing/wire_block.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

// How a device sends what it recorded: a window of runs, each behind its private records.

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

}  // namespace

Result<Frames> SyncEngine::push_new(Timestamp now) {
  if (state_ != SyncState::running) return Frames{};
  return stop_pushing(push_window(now));
}

Result<Frames> SyncEngine::push_window(Timestamp now) {
  if (under_way_.size() >= window_ || repair_sender_) return Frames{};
  const std::size_t room = window_ - under_way_.size();
  const std::uint64_t shown_before = receipt_shown_upto_;
  std::vector<std::uint64_t> cuts;
  std::vector<events::DeviceBlock> blocks = replica_.own().cut(next_push_, push_upto_, room, &cuts);
  Frames frames;
  std::optional<Unreadable> unreadable = append_runs(blocks, now, frames);
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
    unreadable = append_runs(blocks, now, frames);
    if (unreadable) return fail(unreadable->error.code, unreadable->error.message);
  }
  if (Result<void> kept = replica_.take_cuts(cuts); !kept) {
    return fail(kept.error().code, kept.error().message);
  }
  for (const events::DeviceBlock& block : blocks) {
    under_way_.push_back(block.last_seq());
    next_push_ = block.last_seq() + 1;
  }
  return frames;
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

}  // namespace clients
