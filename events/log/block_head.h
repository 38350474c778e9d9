#pragma once

#include "events/archive/compact.h"
#include "events/log/block.h"

#include <cstddef>

// What blocks say before their events, the same in every codec.  Only for the sources that write
// and read blocks.

namespace events {

/// Form and codec, the first two bytes.
void write_block_form(CompactOutput& archive, std::uint8_t codec);
/// Errors: too_large, malformed, unsupported: a newer form.  Returns the codec, known or not.
Result<std::uint8_t> read_block_form(ByteView bytes);
/// The error for a codec that a reader does not take.
Error unknown_codec(std::uint8_t codec);

/// Up to and with the count of events.
void write_head(CompactOutput& archive, const DeviceBlock& block);
void write_head(CompactOutput& archive, const StoredBlock& block);

/// From the first byte behind form and codec; returns the count of events, 1–100.
/// Throws: cereal::Exception.
std::size_t read_head(CompactInput& archive, DeviceBlock& block);
/// Only the count, for a head whose other fields were read.
std::size_t read_count(CompactInput& archive, const DeviceBlock& block);
/// What holds for the head of a stored block of `count` events.
void check_places(const CompactInput& archive, const StoredBlock& block, std::size_t count);
std::size_t read_head(CompactInput& archive, StoredBlock& block);

}  // namespace events
