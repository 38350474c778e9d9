#pragma once

#include "events/block.h"
#include "events/bytes.h"
#include "events/crypto/digest.h"
#include "events/result.h"

#include <functional>
#include <span>

namespace events {

// Blocks as they travel: the shortest of the codecs plain, packed and compressed.  What is hashed
// and signed is the same in all of them.
// Format:  docs/protocol.md 4.

/// `beside`: digests of the private records that travel with the block: of those that it names only
///           the first bytes do, and nobody reads it without the records.
/// Cost:   the compressor at its level 19: meant for once a block, not once a reader.
Bytes pack_block(const DeviceBlock& block, std::span<const Digest> beside = {});
Bytes pack_block(const StoredBlock& block);

/// Packed, but never compressed: bytes that do not depend on the version of the compressor.
Bytes pack_block_uncompressed(const DeviceBlock& block, std::span<const Digest> beside = {});
Bytes pack_block_uncompressed(const StoredBlock& block);

/// The chain hash before the first event of `head`, which has no events yet and of whose `previous`
/// only the first 8 bytes came.
/// Errors: gap: it is not known here; any other is passed on.
using HashBefore = std::function<Result<Digest>(const DeviceBlock& head)>;

/// Any codec.  Says nothing about the signature.  `hash_before` is not asked for a plain block.
/// Errors: malformed, too_large, unsupported: form, codec or dictionary; fork: the device means
///         another chain hash before these events; private_missing: a record that was to travel
///         with it is not among `beside`; those of `hash_before`.
/// Cost:   bounded: at most unpacked_bytes_max are decompressed.
Result<DeviceBlock> unpack_device_block(ByteView bytes, const HashBefore& hash_before,
                                        std::span<const Digest> beside = {});
Result<StoredBlock> unpack_stored_block(ByteView bytes);

}  // namespace events
