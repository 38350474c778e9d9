#include "events/protocol/frame_codec.h"
#include "server/session/sync_session.h"

#include <optional>
#include <vector>

// What the device reads: blocks, their proofs, receipts.  Puller does the work.

namespace server {

namespace protocol = events::protocol;
using events::Result;

namespace {

template <class T>
constexpr std::uint8_t kind_of = static_cast<std::uint8_t>(T::kind);

}  // namespace

void SyncSession::serve(protocol::Prove prove, Requests& /*requests*/) {
  if (refuses_stranger(kind_of<protocol::Prove>)) return;
  charge(Work::proofs, prove.blocks.size(), last_heard_);
  const Result<std::vector<protocol::Proofs>> proofs = puller_->proofs_of(prove.blocks);
  if (!proofs) return fail(proofs.error(), kind_of<protocol::Prove>);
  for (const protocol::Proofs& frame : *proofs) say(frame);
  puller_->owe_head();
}

Result<std::optional<events::Bytes>> SyncSession::next_pulled() {
  const bool answers_are_out =
      in_flight_.empty() && !puller_->owes_receipts() && !admission_.repairing;
  if (answers_are_out && issuer_->is_due(puller_->receipts_upto())) {
    const Result<protocol::SignedReceipt> receipt = issuer_->issue(puller_->receipts_upto());
    if (!receipt) return receipt.error();
    return std::optional{protocol::encode_frame(*receipt)};
  }
  if (!puller_->owes_receipts()) {
    Result<std::optional<events::Bytes>> frame = snapshots_.next_frame();
    if (!frame || *frame) return frame;
    if (const auto position = snapshots_.take_arrival()) {
      if (Result<void> skipped = puller_->skip_to(*position); !skipped) return skipped.error();
    }
    if (snapshots_.holds_pull()) return std::optional<events::Bytes>{};
  }
  return puller_->next_frame(!in_flight_.empty());
}

bool SyncSession::wants_wake() const {
  if (state_ != State::open || held_until_) return false;
  const bool has_room = !returns_credit() || credit_ > 0;
  const bool pulls = has_room && puller_->is_live() && puller_->is_caught_up();
  return pulls || summaries_.waits_for_log(log_.head().position);
}

events::Position SyncSession::seen_head() const {
  const bool pulls = puller_->is_live() && puller_->is_caught_up();
  return pulls ? puller_->seen_head() : summaries_.seen_head();
}

}  // namespace server
