#pragma once

#include "events/archive/compact.h"
#include "events/log/event.h"
#include "events/log/event_log.h"
#include "events/log/stored_event.h"

namespace projections {

struct Dossier;

/// An event at the moment it takes effect: at its own position when it was accepted, at the
/// position of its release when it was held.
struct EffectiveEvent {
  events::Position position;      ///< Where it takes effect.
  events::Timestamp received_at;  ///< When it took effect.
  const events::Event& event;
  const events::Verdict&
      verdict;  ///< Accepted or accepted_rebased; for released ones the later one.
  // For those who follow a state: the dossier that the event is about, before it and behind it.
  const Dossier* before = nullptr;  ///< Null for others, and when the event opened it.
  const Dossier* after = nullptr;   ///< Null for others.
};

/// What all projections have in common; `State` and the views are made of them.
///
/// A projection is a fold: a pure function of the events applied, in order.  Equal prefixes give
/// equal bytes (`encode`).  `restrict_to` leaves what a reader of a scope would have folded:
/// fold(filter(prefix, S)) == restrict(fold(prefix), S).
template <class T>
concept Projection = requires(T projection, const T constant, const EffectiveEvent& effective,
                              const events::ReaderScope& reader) {
  { T::name } -> std::convertible_to<const char*>;
  {
    T::revision
    } -> std::convertible_to<std::uint32_t>;  // Raised when the fold or the bytes change.
  projection.apply(effective);
  projection.restrict_to(reader);
  events::encode(constant);
};

}  // namespace projections
