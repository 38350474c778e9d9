#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/log/block.h"

#include <functional>
#include <span>

namespace events {

// Blocks as they travel: a writer takes the shortest of the codecs plain, packed and compressed.
// The bytes that are hashed and signed are the same in all of them.
// Format:  docs/protocol.md 4.

/// Encodes `block` for the wire.
/// `beside`: digests of the private records that travel with the block.  Where the block names one
///           of them, it holds only the first bytes of the digest: a reader needs the record.
/// Cost:   the compressor runs at its level 19: meant for once a block, not once a reader.
Bytes pack_block(const DeviceBlock& block, std::span<const Digest> beside = {});
Bytes pack_block(const StoredBlock& block);

/// The same, but never compressed: the bytes do not depend on the version of the compressor.
Bytes pack_block_uncompressed(const DeviceBlock& block, std::span<const Digest> beside = {});
Bytes pack_block_uncompressed(const StoredBlock& block);

/// Gives the chain hash before the first event of `head`.  `head` has no events yet, and only the
/// first 8 bytes of its `previous` came.
/// Errors: gap: the hash is not known here; any other error is passed on.
using HashBefore = std::function<Result<Digest>(const DeviceBlock& head)>;

/// Reads a block of any codec.  The signature is not checked.  For a plain block `hash_before` is
/// not called.
/// Errors: malformed, too_large, unsupported: form, codec or dictionary; fork: the device has
///         another chain hash before these events than `hash_before` gives; private_missing: a
///         record that was to travel with the block is not among `beside`; those of `hash_before`.
/// Cost:   bounded: at most unpacked_bytes_max are decompressed.
Result<DeviceBlock> unpack_device_block(ByteView bytes, const HashBefore& hash_before,
                                        std::span<const Digest> beside = {});
Result<StoredBlock> unpack_stored_block(ByteView bytes);

}  // namespace events
