#pragma once

#include "events/log/event_log.h"
#include "events/log/private_record.h"
#include "projections/state/state.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

namespace projections {

/// A private record that an event before the snapshot named, and that its reader still needs.
struct NamedRecord {
  events::EventId event;
  events::UnitId home;           ///< Whose key seals it on a device.
  std::uint64_t digest_begin{};  ///< fingerprint_of() the record's digest.

  bool operator==(const NamedRecord&) const = default;
};

/// What a reader of some scopes goes on from at a position, without the events before it: what it
/// would have folded from them, and nothing of how it came about.
/// Format:  docs/protocol.md 4, "Snapshots".
struct Snapshot {
  State state;  ///< restrict_to() the reader's scope; `applied()` is the snapshot's position.
  /// The verdicts that a release, refusal or change gave to events that had been held.
  std::map<events::Position, events::Verdict> later_verdicts;
  std::vector<NamedRecord> records;  ///< Ascending by event.
};

/// Of a snapshot before it is compressed: a commune's for many years.
inline constexpr std::size_t snapshot_bytes_max = std::size_t{64} << 20U;

/// Changes when any part of the state folds or is written differently: a reader of another build
/// cannot go on from it.
std::uint32_t snapshot_revision();

/// One byte string for one reader at one position, whoever makes it.
events::Bytes encode_snapshot(const Snapshot& snapshot);
/// Errors:  malformed.
events::Result<Snapshot> decode_snapshot(events::ByteView bytes);

/// Gathers what a snapshot holds beside the state, event by event.
///
/// State: every private record that was named so far, since a later event may close or open the
///        dossier it belongs to.
class SnapshotBuilder {
 public:
  /// A private record that an event named.
  struct Named {
    events::EventId event;
    events::StreamId stream;
    events::UnitId home;
    events::Digest digest;
    events::Position position;
  };

  /// Takes in the next stored event; `with_record`: the reader may have its private record.
  void take(const events::StoredEvent& stored, const events::ScopeSet& scope, bool with_record);

  /// The records that a reader at `state` still needs, ascending by event: the names of people and
  /// collectives, what belongs to dossiers that are not closed, and what is held.
  std::vector<Named> needed_at(const State& state) const;
  const std::map<events::Position, events::Verdict>& later_verdicts() const { return later_; }
  /// Records that were named so far.
  std::size_t size() const { return named_.size(); }

 private:
  std::vector<Named> named_;
  std::map<events::Position, events::Verdict> later_;
};

/// The commune whose key seals, on a device, the private records of events with this scope.
events::UnitId record_home_of(const events::ScopeSet& scope);

/// Takes the verdict of a release, refusal or change into `later`.
void note_later_verdict(const events::StoredEvent& stored,
                        std::map<events::Position, events::Verdict>& later);

}  // namespace projections
