#include "clients/core/sync_engine.h"
#include "events/compression/wire_block.h"

#include <utility>
#include <vector>

// How a device sends what it recorded: a window of runs, each behind its private records.

namespace clients {

using events::Digest;
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
  return push_window(now);
}

Result<Frames> SyncEngine::push_window(Timestamp now) {
  if (under_way_.size() >= window_ || giving_back_ || over_quota_) return Frames{};
  std::vector<std::uint64_t> cuts;
  const std::vector<events::DeviceBlock> blocks =
      replica_.own().cut(next_push_, window_ - under_way_.size(), &cuts);
  if (Result<void> kept = replica_.take_cuts(cuts); !kept) {
    return fail(kept.error().code, kept.error().message);
  }
  Frames frames;
  for (const events::DeviceBlock& block : blocks) {
    const Result<std::vector<Digest>> beside = append_privates(block, frames);
    if (!beside) return fail(beside.error().code, beside.error().message);
    frames.push_back(protocol::Push{now, events::pack_block(block, *beside)});
    under_way_.push_back(block.last_seq());
    next_push_ = block.last_seq() + 1;
  }
  return frames;
}

Result<std::vector<Digest>> SyncEngine::append_privates(const events::DeviceBlock& block,
                                                        Frames& frames) {
  std::vector<Digest> added;
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
    if (!record) return record.error();
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
  return added;
}

void SyncEngine::append_proof_of_erasure(std::uint64_t seq, Frames& frames) {
  if (seq <= receipt_shown_upto_) return;
  const std::optional<protocol::SignedReceipt> receipt =
      replica_.receipt_book().covering(replica_.identity().chain, seq);
  if (!receipt) return;  // The server has the record, or will say that it lacks it.
  receipt_shown_upto_ = receipt->upto_seq;
  frames.push_back(*receipt);
}

}  // namespace clients
