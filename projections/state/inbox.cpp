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

Inbox::Place Inbox::place_in(Order order, std::array<std::uint64_t, 3> key,
                             events::Position position) {
  return {static_cast<std::uint64_t>(order), key[0], key[1], key[2], position.value};
}

Inbox::Place Inbox::place_on(events::ChainNumber chain, const events::StreamId& stream,
                             events::Position position) {
  const auto kind = static_cast<std::uint64_t>(stream.kind);
  return place_in(Order::by_stream, {chain.value, kind, stream.id.key()}, position);
}

const Inbox::Place* Inbox::first_in(Order order, std::uint64_t key) const {
  const auto* const entry = places_.at_or_after(place_in(order, {key, 0, 0}, {}));
  const bool is_in = entry != nullptr && entry->key[0] == static_cast<std::uint64_t>(order);
  return is_in ? &entry->key : nullptr;
}

void Inbox::hold(const events::StoredEvent& stored, const events::ScopeSet& scope) {
  const HeldEvent held{stored.position, stored.received_at, scope, stored.intake, stored.event,
                       stored.verdict,  stored.received_at};
  const bool entered = places_.insert(place_of(stored.position), PackedHeldEvent(held));
  CHECK(entered, "positions ascend, so none is held twice");
  ++size_;
  enter(held);
}

std::optional<HeldEvent> Inbox::take(events::Position position) {
  const PackedHeldEvent* const found = places_.find(place_of(position));
  if (found == nullptr) return std::nullopt;
  HeldEvent held = found->unpack();
  places_.erase(place_of(position));
  --size_;
  leave(held);
  const std::uint64_t blocker = held.event.id().key();
  const auto* waiting = places_.at_or_after(place_in(Order::waiting_for, {blocker, 0, 0}, {}));
  while (waiting != nullptr) {
    const Place there = waiting->key;
    if (there != place_in(Order::waiting_for, {blocker, 0, 0}, events::Position{there[4]})) break;
    places_.insert(place_in(Order::ready, {}, events::Position{there[4]}));
    waiting = places_.at_or_after(
        place_in(Order::waiting_for, {blocker, 0, 0}, events::Position{there[4] + 1}));
  }
  return held;
}

void Inbox::change(events::Position position, const events::Verdict& verdict,
                   events::Timestamp at) {
  const PackedHeldEvent* const found = places_.find(place_of(position));
  if (found == nullptr) return;
  HeldEvent held = found->unpack();
  leave(held);
  held.verdict = verdict;
  held.since = at;
  places_.set(place_of(position), PackedHeldEvent(held));
  enter(held);
}

void Inbox::correct_clock(events::Timestamp now) {
  const Inbox before = *this;
  before.for_each_held([&](const PackedHeldEvent& packed) {
    const HeldEvent held = packed.unpack();
    if (held.since > now) change(held.position, held.verdict, now);
  });
}

void Inbox::reconsider_unknown(const Policy& policy) {
  const Inbox before = *this;
  before.for_each_held([&](const PackedHeldEvent& packed) {
    const HeldEvent held = packed.unpack();
    const bool was_unknown = held.verdict.hold == events::HoldReason::schema_unknown;
    if (was_unknown && policy.knows(held.event)) {
      places_.insert(place_in(Order::ready, {}, held.position));
    }
  });
}

void Inbox::restrict_to(const events::ReaderScope& reader) {
  const Inbox whole = *this;
  whole.for_each_held([&](const PackedHeldEvent& packed) {
    const HeldEvent held = packed.unpack();
    if (reader.includes(held.scope)) return;
    places_.erase(place_of(held.position));
    --size_;
  });
  if (size_ != whole.size_) index();
}

HeldEventPtr Inbox::find(events::Position position) const {
  const PackedHeldEvent* const found = places_.find(place_of(position));
  if (found == nullptr) return nullptr;
  return std::make_unique<const HeldEvent>(found->unpack());
}

HeldEventPtr Inbox::find(events::EventId id, const Sight& sight) const {
  HeldEventPtr held = find_anywhere(id);
  return held != nullptr && sight.meets(held->scope) ? std::move(held) : nullptr;
}

bool Inbox::is_held(events::EventId id) const {
  const Place* const place = first_in(Order::by_id, id.key());
  return place != nullptr && (*place)[1] == id.key();
}

HeldEventPtr Inbox::find_anywhere(events::EventId id) const {
  return is_held(id) ? find(events::Position{(*first_in(Order::by_id, id.key()))[4]}) : nullptr;
}

HeldEventPtr Inbox::last_before(events::ChainNumber chain, const events::StreamId& stream,
                                std::uint64_t seq, const Sight& sight) const {
  // A chain's events are stored in order, so later positions are later seqs.
  Place behind = place_on(chain, stream, events::Position{~std::uint64_t{0}});
  while (const auto* const entry = places_.last_before(behind)) {
    behind = entry->key;
    const events::Position position{behind[4]};
    if (behind != place_on(chain, stream, position)) break;
    HeldEventPtr held = find(position);
    if (held->event.header.seq < seq && sight.meets(held->scope)) return held;
  }
  return nullptr;
}

HeldEventPtr Inbox::first_ready() const {
  const Place* const first = first_in(Order::ready);
  return first == nullptr ? nullptr : find(events::Position{(*first)[4]});
}

HeldEventPtr Inbox::first_with_deadline() const {
  const Place* const first = first_in(Order::deadline);
  return first == nullptr ? nullptr : find(events::Position{(*first)[4]});
}

std::optional<events::Timestamp> Inbox::next_deadline() const {
  const Place* const first = first_in(Order::deadline);
  if (first == nullptr) return std::nullopt;
  return events::Timestamp{(*first)[1]};
}

std::map<events::Position, HeldEvent> Inbox::all() const {
  std::map<events::Position, HeldEvent> all;
  for_each_held([&](const PackedHeldEvent& packed) {
    HeldEvent held = packed.unpack();
    all.emplace_hint(all.end(), held.position, std::move(held));
  });
  return all;
}

void Inbox::index() {
  const Inbox whole = *this;
  *this = Inbox{};
  size_ = whole.size_;
  // All ids first: an event may have come to wait for one that was received after it.
  whole.for_each_held([&](const PackedHeldEvent& packed) {
    const HeldEvent held = packed.unpack();
    places_.insert(place_of(held.position), packed);
    places_.insert(place_in(Order::by_id, {held.event.id().key(), 0, 0}, held.position));
  });
  whole.for_each_held([&](const PackedHeldEvent& packed) { enter(packed.unpack()); });
}

void Inbox::enter(const HeldEvent& event) {
  const events::EventHeader& header = event.event.header;
  const events::Position position = event.position;
  places_.insert(place_in(Order::by_id, {header.id().key(), 0, 0}, position));
  places_.insert(place_on(header.chain, header.stream, position));
  if (const auto deadline = deadline_of(event)) {
    places_.insert(place_in(Order::deadline, {deadline->value, 0, 0}, position));
  }
  const events::EventId blocker = blocker_of(event);
  if (blocker.is_none()) return;
  places_.insert(place_in(Order::waiting_for, {blocker.key(), 0, 0}, position));
  if (!is_held(blocker)) places_.insert(place_in(Order::ready, {}, position));
}

void Inbox::leave(const HeldEvent& event) {
  const events::EventHeader& header = event.event.header;
  const events::Position position = event.position;
  places_.erase(place_in(Order::by_id, {header.id().key(), 0, 0}, position));
  places_.erase(place_on(header.chain, header.stream, position));
  places_.erase(place_in(Order::ready, {}, position));
  if (const auto deadline = deadline_of(event)) {
    places_.erase(place_in(Order::deadline, {deadline->value, 0, 0}, position));
  }
  places_.erase(place_in(Order::waiting_for, {blocker_of(event).key(), 0, 0}, position));
}

}  // namespace projections
