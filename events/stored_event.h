#pragma once

#include "events/bytes.h"
#include "events/event.h"
#include "events/intake.h"
#include "events/verdict.h"

namespace events {

inline constexpr std::uint8_t stored_event_form = 1;

/// The log's element: an event, where and when it was received, and what the log answered.
struct StoredEvent {
  Position position;
  Timestamp received_at;
  Intake intake;
  Event event;
  Verdict verdict;
};

/// The leaf of the RFC 6962 tree: `form | position | received_at | intake | canonical | verdict`.
/// Format:  docs/log_format.md 5.
/// Cost:    one allocation when `leaf` is too small; `leaf` is overwritten.
void write_leaf(const StoredEvent& stored, Bytes& leaf);

/// The same from parts that were not taken apart.
void write_leaf(Position position, Timestamp received_at, const Intake& intake, ByteView canonical,
                const Verdict& verdict, Bytes& leaf);

}  // namespace events
