#pragma once

#include "events/base/bytes.h"
#include "events/base/verdict.h"
#include "events/log/event.h"
#include "events/log/intake.h"

namespace events {

inline constexpr std::uint8_t stored_event_form = 1;

/// The element of the log: an event, its position and time of receipt, its intake and its verdict.
struct StoredEvent {
  Position position;
  Timestamp received_at;
  Intake intake;
  Event event;
  Verdict verdict;
};

/// Overwrites `leaf` with the leaf of the RFC 6962 tree:
/// `form | position | received_at | intake | canonical | verdict`.
/// Format:  docs/log_format.md 5.
/// Cost:    allocates only when the capacity of `leaf` is too small.
void write_leaf(const StoredEvent& stored, Bytes& leaf);

/// The same from the canonical bytes of an event that is not decoded.
void write_leaf(Position position, Timestamp received_at, const Intake& intake, ByteView canonical,
                const Verdict& verdict, Bytes& leaf);

}  // namespace events
