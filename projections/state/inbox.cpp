#include "projections/state/inbox.h"

namespace projections {
namespace {

/// The event that `held` waits for; none for other reasons than depends_on.
events::EventId blocker_of(const HeldEvent& held) {
  const events::Verdict& verdict = held.verdict;
  if (verdict.hold != events::HoldReason::depends_on || verdict.parameters.size() < 2) return {};
  return {events::ChainNumber{static_cast<std::uint32_t>(verdict.parameters[0])},
          static_cast<std::uint64_t>(verdict.parameters[1])};
}

}  // namespace

void Inbox::hold(const events::StoredEvent& stored, const events::ScopeSet& scope) {
  const HeldEvent held{stored.position, stored.received_at, scope,
                       stored.intake,   stored.event,       stored.verdict};
  const bool entered = held_.try_emplace(stored.position, held).second;
  CHECK(entered, "positions ascend, so none is held twice");
  enter(held);
}

std::optional<HeldEvent> Inbox::take(events::Position position) {
  const auto found = held_.find(position);
  if (found == held_.end()) return std::nullopt;
  HeldEvent held = found->second.unpack();
  held_.erase(found);
  leave(held);
  const auto [first, last] = waiting_for_.equal_range(held.event.id());
  for (auto waiting = first; waiting != last; ++waiting) ready_.insert(waiting->second);
  return held;
}

void Inbox::change(events::Position position, const events::Verdict& verdict) {
  const auto found = held_.find(position);
  if (found == held_.end()) return;
  HeldEvent held = found->second.unpack();
  leave(held);
  held.verdict = verdict;
  found->second = PackedHeldEvent(held);
  enter(held);
}

void Inbox::reconsider_unknown() {
  for (const auto& [position, packed] : held_) {
    const HeldEvent held = packed.unpack();
    const bool is_known = !std::holds_alternative<events::UnknownPayload>(held.event.payload);
    if (held.verdict.hold == events::HoldReason::schema_unknown && is_known) {
      ready_.insert(position);
    }
  }
}

void Inbox::restrict_to(const events::ReaderScope& reader) {
  std::erase_if(held_,
                [&](const auto& entry) { return !reader.includes(entry.second.unpack().scope); });
  index();
}

HeldEventPtr Inbox::find(events::Position position) const {
  const auto found = held_.find(position);
  if (found == held_.end()) return nullptr;
  return std::make_unique<const HeldEvent>(found->second.unpack());
}

HeldEventPtr Inbox::find(events::EventId id, const Sight& sight) const {
  HeldEventPtr held = find_anywhere(id);
  return held != nullptr && sight.meets(held->scope) ? std::move(held) : nullptr;
}

HeldEventPtr Inbox::find_anywhere(events::EventId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : find(found->second);
}

HeldEventPtr Inbox::last_before(events::ChainNumber chain, const events::StreamId& stream,
                                std::uint64_t seq, const Sight& sight) const {
  // A chain's events are stored in order, so later positions are later seqs.
  const auto first = by_stream_.lower_bound({chain, stream, events::Position{}});
  auto entry = by_stream_.upper_bound({chain, stream, events::Position{~std::uint64_t{0}}});
  while (entry != first) {
    HeldEventPtr held = find(std::get<events::Position>(*--entry));
    if (held->event.header.seq < seq && sight.meets(held->scope)) return held;
  }
  return nullptr;
}

HeldEventPtr Inbox::first_ready() const { return ready_.empty() ? nullptr : find(*ready_.begin()); }

std::map<events::Position, HeldEvent> Inbox::all() const {
  std::map<events::Position, HeldEvent> all;
  for (const auto& [position, packed] : held_)
    all.emplace_hint(all.end(), position, packed.unpack());
  return all;
}

void Inbox::index() {
  by_id_.clear();
  waiting_for_.clear();
  by_stream_.clear();
  ready_.clear();
  // All ids first: an event may have come to wait for one that was received after it.
  const std::map<events::Position, HeldEvent> unpacked = all();
  for (const auto& [position, held] : unpacked) by_id_[held.event.id()] = position;
  for (const auto& [position, held] : unpacked) enter(held);
}

void Inbox::enter(const HeldEvent& held) {
  const events::EventHeader& header = held.event.header;
  by_id_[header.id()] = held.position;
  by_stream_.emplace(header.chain, header.stream, held.position);
  const events::EventId blocker = blocker_of(held);
  if (blocker.is_none()) return;
  waiting_for_.emplace(blocker, held.position);
  if (!by_id_.contains(blocker)) ready_.insert(held.position);
}

void Inbox::leave(const HeldEvent& held) {
  const events::EventHeader& header = held.event.header;
  by_id_.erase(header.id());
  by_stream_.erase({header.chain, header.stream, held.position});
  ready_.erase(held.position);
  const auto [first, last] = waiting_for_.equal_range(blocker_of(held));
  for (auto waiting = first; waiting != last; ++waiting) {
    if (waiting->second == held.position) {
      waiting_for_.erase(waiting);
      return;
    }
  }
}

}  // namespace projections
