#pragma once

#include "events/archive/compact.h"
#include "events/bytes.h"
#include "events/ids.h"
#include "events/time.h"

#include <cstddef>
#include <cstdint>
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

/// `base`: what the first time of recording is a difference to; whoever unpacks names the same.
/// Expects: are_packable().
void pack_events(CompactOutput& archive, ChainNumber chain, std::uint64_t first_seq, Timestamp base,
                 std::span<const ByteView> events);

/// The bytes of `count` events.  Whoever reads them as events finds those that are not canonical,
/// as in the plain form. Throws: cereal::Exception when the bytes break their grammar, as archives
/// do. Cost:   at most `bytes_max` canonical bytes together are made.
std::vector<Bytes> unpack_events(CompactInput& archive, ChainNumber chain, std::uint64_t first_seq,
                                 Timestamp base, std::size_t count, std::size_t bytes_max);

}  // namespace events
