#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <cstddef>
#include <cstdint>

namespace events {

/// A dictionary that was trained on packed blocks.  They are numbered from 1 and kept for ever:
/// a file from years ago names the one it was written with.  0 is none.
using DictionaryNumber = std::uint32_t;
inline constexpr DictionaryNumber newest_dictionary = 1;

/// The bytes of a dictionary; empty for one that this build does not have.
ByteView dictionary_bytes(DictionaryNumber number);

enum class Effort {
  great,   ///< For what is short and read by many: about 3 MB a second.
  little,  ///< For what is long: about 300 MB a second.
};

/// One Zstandard frame (RFC 8878) without its magic number, content size, checksum and dictionary's
/// number: its descriptor is 0, its window at most 8 MiB.
/// Format: docs/protocol.md 4.
/// Thread: any.
Bytes compress(ByteView raw, DictionaryNumber dictionary, Effort effort = Effort::great);

/// Errors: unsupported: the dictionary; malformed: not exactly one frame of that form, or not of
///         exactly `raw_size`.
/// Expects: raw_size is within what the caller is ready to hold.
Result<Bytes> decompress(ByteView frame, DictionaryNumber dictionary, std::size_t raw_size);
/// The same for a frame whose size was not told.
/// Errors: unsupported: the dictionary; malformed: not exactly one frame of that
///         form, or longer than `size_max`.
/// Expects: size_max is what the caller is ready to hold.
Result<Bytes> decompress_at_most(ByteView frame, DictionaryNumber dictionary, std::size_t size_max);

}  // namespace events
