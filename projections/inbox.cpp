#include "projections/inbox.h"

namespace projections {
namespace {

/// The event that `held` waits for; none for other reasons than depends_on.
events::EventId blocker_of(const HeldEvent& held) {
  const events::Verdict& verdict = held.verdict;
  if (verdict.hold != events::HoldReason::depends_on || verdict.parameters.size() < 2) return {};
  return {events::ChainNumber{static_cast<std::uint32_t>(verdict.parameters[0])},
          static_cast<std::uint64_t>(verdict.parameters[1])};
}

bool is_visible(const HeldEvent& held, events::UnitId scope) {
  return held.scope.contains(scope) || held.scope.contains(events::reference_scope);
}

}  // namespace

void Inbox::hold(const events::StoredEvent& stored, const events::ScopeSet& scope) {
  const auto [place, entered] =
      held_.try_emplace(stored.position, HeldEvent{stored.position, stored.received_at, scope,
                                                   stored.intake, stored.event, stored.verdict});
  CHECK(entered, "positions ascend, so none is held twice");
  enter(place->second);
}

std::optional<HeldEvent> Inbox::take(events::Position position) {
  const auto found = held_.find(position);
  if (found == held_.end()) return std::nullopt;
  HeldEvent held = std::move(found->second);
  held_.erase(found);
  leave(held);
  const auto [first, last] = waiting_for_.equal_range(held.event.id());
  for (auto waiting = first; waiting != last; ++waiting) ready_.insert(waiting->second);
  return held;
}

void Inbox::change(events::Position position, const events::Verdict& verdict) {
  const auto found = held_.find(position);
  if (found == held_.end()) return;
  leave(found->second);
  found->second.verdict = verdict;
  enter(found->second);
}

void Inbox::reconsider_unknown() {
  for (const auto& [position, held] : held_) {
    const bool is_known = !std::holds_alternative<events::UnknownPayload>(held.event.payload);
    if (held.verdict.hold == events::HoldReason::schema_unknown && is_known) {
      ready_.insert(position);
    }
  }
}

void Inbox::restrict_to(const events::ReaderScope& reader) {
  std::erase_if(held_, [&](const auto& entry) { return !reader.includes(entry.second.scope); });
  index();
}

const HeldEvent* Inbox::find(events::Position position) const {
  const auto found = held_.find(position);
  return found == held_.end() ? nullptr : &found->second;
}

const HeldEvent* Inbox::find(events::EventId id, events::UnitId scope) const {
  const auto found = by_id_.find(id);
  if (found == by_id_.end()) return nullptr;
  const HeldEvent& held = held_.at(found->second);
  return is_visible(held, scope) ? &held : nullptr;
}

const HeldEvent* Inbox::find_anywhere(events::EventId id) const {
  const auto found = by_id_.find(id);
  return found == by_id_.end() ? nullptr : &held_.at(found->second);
}

const HeldEvent* Inbox::last_before(events::ChainNumber chain, const events::StreamId& stream,
                                    std::uint64_t seq, events::UnitId scope) const {
  const auto found = by_stream_.find({chain, stream});
  if (found == by_stream_.end()) return nullptr;
  // A chain's events are stored in order, so later positions are later seqs.
  for (auto position = found->second.rbegin(); position != found->second.rend(); ++position) {
    const HeldEvent& held = held_.at(*position);
    if (held.event.header.seq < seq && is_visible(held, scope)) return &held;
  }
  return nullptr;
}

const HeldEvent* Inbox::first_ready() const {
  return ready_.empty() ? nullptr : &held_.at(*ready_.begin());
}

void Inbox::index() {
  by_id_.clear();
  waiting_for_.clear();
  by_stream_.clear();
  ready_.clear();
  // All ids first: an event may have come to wait for one that was received after it.
  for (const auto& [position, held] : held_) by_id_[held.event.id()] = position;
  for (const auto& [position, held] : held_) enter(held);
}

void Inbox::enter(const HeldEvent& held) {
  const events::EventHeader& header = held.event.header;
  by_id_[header.id()] = held.position;
  by_stream_[{header.chain, header.stream}].insert(held.position);
  const events::EventId blocker = blocker_of(held);
  if (blocker.is_none()) return;
  waiting_for_.emplace(blocker, held.position);
  if (!by_id_.contains(blocker)) ready_.insert(held.position);
}

void Inbox::leave(const HeldEvent& held) {
  const events::EventHeader& header = held.event.header;
  by_id_.erase(header.id());
  const auto stream = by_stream_.find({header.chain, header.stream});
  CHECK(stream != by_stream_.end(), "every held event was entered");
  stream->second.erase(held.position);
  if (stream->second.empty()) by_stream_.erase(stream);
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
