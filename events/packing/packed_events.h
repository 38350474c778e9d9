#pragma once

#include "events/archive/compact.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/time.h"
#include "events/crypto/digest.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace events {

/// A run of events of one chain as it travels: the fields of all events in columns, streams and
/// actors once in a table, ids and times as differences.  Taking it apart gives back the canonical
/// bytes.
/// Format:  docs/protocol.md 4.

/// Whether the events are canonical, of `chain` and in their places from `first_seq` on, so that
/// pack_events() may write them.  Others travel plainly.
bool are_packable(ChainNumber chain, std::uint64_t first_seq, std::span<const ByteView> events);

/// What both sides know of a run beside its columns.
struct PackedRun {
  ChainNumber chain;
  std::uint64_t first_seq{};
  Timestamp base;  ///< What the first time of recording is a difference to.
  /// Digests of the private records that travel with the run: of those that its events name, only
  /// the first bytes do.  None when no record may travel with it.
  std::optional<std::span<const Digest>> beside;
};

/// Expects: are_packable().
void pack_events(CompactOutput& archive, const PackedRun& run, std::span<const ByteView> events);

/// The bytes of `count` events.  Whoever reads them as events finds those that are not canonical,
/// as in the plain form.
/// Throws: RecordMissing; cereal::Exception when the bytes break their grammar, as archives do.
/// Cost:   at most `bytes_max` canonical bytes together are made.
std::vector<Bytes> unpack_events(CompactInput& archive, const PackedRun& run, std::size_t count,
                                 std::size_t bytes_max);

}  // namespace events
