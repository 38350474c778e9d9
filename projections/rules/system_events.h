#pragma once

#include "events/log/event.h"
#include "projections/state/state.h"

#include <cstdint>
#include <optional>

namespace projections {

/// The stream of an event of the server's own chain that is or becomes event `id`; `state` is
/// before the event.  Nothing for a kind that the server never appends, and when the thing that the
/// event is about is not there.
///
/// The one definition: the server writes by it, and who verifies a log expects it.
std::optional<events::StreamId> stream_of_system_event(const events::Payload& payload,
                                                       events::EventId id, const State& state);

/// Whether an event with this payload may be the next received, at `at`, when the one before it was
/// received at `before`.  Times of receipt never go back, but where the server corrects its clock.
bool follows_in_time(const events::Payload& payload, events::Timestamp at,
                     events::Timestamp before);

/// The whole event on the system chain, number `seq`.  Everything in its head follows from the log:
/// nobody acted, it was recorded and dated when it was received.
events::Event make_system_event(std::uint64_t seq, const events::StreamId& stream,
                                events::Payload payload, events::Position seen,
                                events::Timestamp received_at, events::RulesVersion rules);

}  // namespace projections
