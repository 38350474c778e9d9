#pragma once

#include "events/event.h"

namespace projections {

/// What an effective event does to others on its stream that were made without knowing of it
/// (conflict classes of domain.md 4.8).
enum class Interference : std::uint8_t {
  none,      ///< Not on a stream with guarded events.
  commutes,  ///< Only adds: a guarded event made meanwhile is accepted_rebased.
  changes,   ///< Moves the state: a guarded event made meanwhile is held(conflict).
};

Interference interference_of(events::EventType type);

/// Whether an event of this kind must not come after changes that its author had not seen.
bool is_guarded(events::EventType type);

}  // namespace projections
