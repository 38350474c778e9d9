#include "clients/core/replica/overlay.h"

#include "projections/state/snapshot.h"

#include <utility>

namespace clients {

using events::Position;
using events::StoredEvent;
using projections::Arrival;
using projections::Judgement;

namespace {

Position after(Position position) { return Position{position.value + 1}; }

events::Intake intake_of(std::uint8_t content) {
  events::Intake intake;
  intake.content = content;
  return intake;
}

}  // namespace

void Overlay::begin(projections::State state, std::map<Position, events::Verdict> later,
                    std::unordered_map<events::EventId, events::Digest> private_digests) {
  confirmed_ = std::move(state);
  confirmed_.hold_by(newest_);
  later_ = std::move(later);
  private_digests_ = std::move(private_digests);
}

void Overlay::confirm(const StoredEvent& stored, const events::ScopeSet& scope) {
  confirmed_.apply(stored, scope);
  if (const auto digest = events::private_digest_of(stored.event.payload)) {
    private_digests_.insert_or_assign(stored.event.id(), *digest);
  }
  projections::note_later_verdict(stored, later_);
}

void Overlay::judge_own(Overlay& overlay, const OfflineLog& own, std::uint64_t first_seq) {
  overlay.pending_ = overlay.confirmed_;
  for (const auto& [seq, tried] : overlay.provisional_) {
    // Tried and not kept: another event may get its id, and need not name a record.
    if (seq > own.head().seq) overlay.private_digests_.erase(tried.id);
  }
  overlay.provisional_.clear();
  for (std::uint64_t seq = first_seq; seq <= own.head().seq; ++seq) {
    const OwnEntry& entry = own.entry(seq);
    const events::Timestamp recorded = entry.event.header.recorded_at;
    if (const std::optional<StoredEvent> stored = own.stored(seq)) {
      const Judgement answered{stored->verdict, entry.scope};
      overlay.add_pending(entry.event, entry.content, stored->received_at, answered);
    } else {
      overlay.add_pending(entry.event, entry.content, recorded,
                          overlay.judge_next(entry.event, entry.content, recorded));
    }
  }
}

Judgement Overlay::judge_next(const events::Event& event, std::uint8_t content,
                              events::Timestamp now) const {
  const Arrival arrival{after(pending_.applied()), now, intake_of(content)};
  return projections::judge(event, arrival, pending_);
}

void Overlay::add_pending(const events::Event& event, std::uint8_t content, events::Timestamp now,
                          const Judgement& judgement) {
  const StoredEvent stored{after(pending_.applied()), now, intake_of(content), event,
                           judgement.verdict};
  pending_.apply(stored, judgement.scope);
  provisional_.insert_or_assign(event.header.seq, Provisional{event.id(), judgement.verdict});
  if (const auto digest = events::private_digest_of(event.payload)) {
    private_digests_.insert_or_assign(event.id(), *digest);
  }
}

const events::Verdict* Overlay::provisional(std::uint64_t seq) const {
  const auto found = provisional_.find(seq);
  return found == provisional_.end() ? nullptr : &found->second.verdict;
}

const events::Verdict* Overlay::later_verdict(Position position) const {
  const auto found = later_.find(position);
  return found == later_.end() ? nullptr : &found->second;
}

std::optional<events::Digest> Overlay::private_digest(events::EventId id) const {
  const auto found = private_digests_.find(id);
  if (found == private_digests_.end()) return std::nullopt;
  return found->second;
}

}  // namespace clients
