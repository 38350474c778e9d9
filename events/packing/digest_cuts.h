#pragma once

#include "events/archive/compact.h"
#include "events/base/bytes.h"
#include "events/crypto/digest.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

// Of a digest whose private record travels beside the event only the first bytes go over the wire:
// whoever has the record computes the rest, and the signature covers all of it.  Only for the
// sources that pack and unpack.
// Format:  docs/protocol.md 4, `cuts`.

namespace events {

/// What is left of a digest: enough to tell it from others of the same run.
using DigestBegin = std::array<std::uint8_t, 4>;
/// What a cut takes from a payload.
inline constexpr std::size_t cut_bytes = sizeof(Digest::bytes);

/// A record that was to travel with the events has not come.
struct RecordMissing : cereal::Exception {
  using cereal::Exception::Exception;
};

/// Where the payload of the event can be cut: the offset of its digest plus one; 0 when it names
/// none of `beside`, or one whose beginning another of them has as well.
std::size_t cut_in(ByteView canonical, ByteView payload, std::span<const Digest> beside);

/// The payload without its digest.  `cut`: from cut_in().
void write_cut(CompactOutput& archive, ByteView payload, std::size_t cut);
/// `cut` is not 0.
DigestBegin digest_begin(ByteView payload, std::size_t cut);

/// The payload as it was before it was cut; `cut` is not 0.
/// Throws: RecordMissing; cereal::Exception when the cut lies outside the payload.
Bytes made_whole(ByteView payload, std::size_t cut, const DigestBegin& begin,
                 std::span<const Digest> beside);

}  // namespace events
