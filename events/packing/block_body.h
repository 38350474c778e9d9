#pragma once

#include "events/archive/compact.h"
#include "events/log/block.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// What follows the head of a block that travels: its columns, and how they are compressed.  Only
// for the sources that pack and unpack.
// Format:  docs/protocol.md 4.

namespace events {

/// Of a body before it is compressed.
inline constexpr std::size_t unpacked_bytes_max = 16 * 1024;

std::vector<ByteView> events_of(const DeviceBlock& block);
std::vector<ByteView> events_of(const StoredBlock& block);

/// The columns of the events; a stored block's answers behind them.  Dictionaries are trained on
/// it.
/// `beside`: digests of the private records that travel with the block.
/// Expects: are_packable().
Bytes pack_body(const DeviceBlock& block, std::span<const Digest> beside);
Bytes pack_body(const StoredBlock& block);

/// Reads what pack_body() wrote into a block whose head was read.
/// Throws: RecordMissing, cereal::Exception.
void unpack_body(ByteView body, std::size_t count, std::span<const Digest> beside,
                 DeviceBlock& block);
void unpack_body(ByteView body, std::size_t count, StoredBlock& block);

/// Dictionary, size and the compressed bytes of `body`; empty when that is not shorter.
Bytes shrink(const Bytes& body);
/// The bytes behind a head, up to the end: as they are in codec_packed, as shrink() wrote them in
/// codec_compressed.
/// Errors: malformed, unsupported: the dictionary.
/// Throws: cereal::Exception.
Result<Bytes> read_body(CompactInput& archive, std::uint8_t codec);

}  // namespace events
