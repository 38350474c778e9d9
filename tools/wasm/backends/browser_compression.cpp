#include "events/base/check.h"
#include "events/packing/compression.h"

// The format without a magic number is in the part of the interface that only its macros need.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace events {
namespace {

// The layout of a frame without its magic number (RFC 8878, 3.1.1).
constexpr std::size_t frame_header_bytes = 2;
constexpr std::uint8_t window_descriptor_max = (23 - 10) << 3;  // 8 MiB.
constexpr std::size_t block_header_bytes = 3;
constexpr std::uint32_t run_length_block = 1;
constexpr std::uint32_t reserved_block = 3;

struct Free {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

const ZSTD_DDict* newest_for_decompression() {
  static const ZSTD_DDict* const digested = [] {
    const ByteView bytes = dictionary_bytes(newest_dictionary);
    return ZSTD_createDDict(bytes.data(), bytes.size());
  }();
  return digested;
}

ZSTD_DCtx* decompressor_of_this_thread() {
  thread_local const std::unique_ptr<ZSTD_DCtx, Free> context = [] {
    std::unique_ptr<ZSTD_DCtx, Free> made(ZSTD_createDCtx());
    CHECK(made != nullptr, "a decompressor's memory is there");
    ZSTD_DCtx_setParameter(made.get(), ZSTD_d_format, ZSTD_f_zstd1_magicless);
    return made;
  }();
  return context.get();
}

/// Whether `frame` is exactly one frame of the one form that is written: a descriptor of zero (no
/// content size, no checksum, no dictionary's number, no single segment), a window that every
/// decoder supports, and blocks up to the one that says it is the last, with nothing behind it.
bool is_one_plain_frame(ByteView frame) {
  if (frame.size() < frame_header_bytes || frame[0] != 0 || frame[1] > window_descriptor_max) {
    return false;
  }
  frame = frame.subspan(frame_header_bytes);
  for (bool last = false; !last;) {
    if (frame.size() < block_header_bytes) return false;
    const std::uint32_t header =
        frame[0] | std::uint32_t{frame[1]} << 8U | std::uint32_t{frame[2]} << 16U;
    frame = frame.subspan(block_header_bytes);
    last = (header & 1U) != 0;
    const std::uint32_t type = header >> 1U & 3U;
    const std::uint32_t size = type == run_length_block ? 1 : header >> 3U;
    if (type == reserved_block || size > frame.size()) return false;
    frame = frame.subspan(size);
  }
  return frame.empty();
}

}  // namespace

/// The compressor weighs 53 KB, more than a page would save by it: here a frame is raw blocks,
/// longer than what it holds, so that blocks leave the page packed and not compressed.
Bytes compress(ByteView raw, DictionaryNumber dictionary, Effort /*effort*/) {
  CHECK(dictionary == newest_dictionary, "old dictionaries are only read");
  constexpr std::size_t raw_block_bytes_max = std::size_t{128} << 10U;
  Bytes frame{0, window_descriptor_max};
  do {
    const ByteView part = raw.first(std::min(raw.size(), raw_block_bytes_max));
    raw = raw.subspan(part.size());
    const auto header = static_cast<std::uint32_t>(part.size() << 3U | (raw.empty() ? 1U : 0U));
    for (unsigned shift = 0; shift < 24; shift += 8) {
      frame.push_back(static_cast<std::uint8_t>(header >> shift));
    }
    frame.insert(frame.end(), part.begin(), part.end());
  } while (!raw.empty());
  return frame;
}

Result<Bytes> decompress_at_most(ByteView frame, DictionaryNumber dictionary,
                                 std::size_t size_max) {
  if (dictionary != newest_dictionary) {
    return Error{ErrorCode::unsupported,
                 "dictionary " + std::to_string(dictionary) + " is newer than this build"};
  }
  if (!is_one_plain_frame(frame)) {
    return Error{ErrorCode::malformed, "compressed bytes are not one frame of the form in use"};
  }
  ZSTD_DCtx* const context = decompressor_of_this_thread();
  ZSTD_DCtx_refDDict(context, newest_for_decompression());
  Bytes raw(size_max);
  const std::size_t size =
      ZSTD_decompressDCtx(context, raw.data(), raw.size(), frame.data(), frame.size());
  if (ZSTD_isError(size) != 0) {
    return Error{ErrorCode::malformed, "compressed bytes do not give what they say"};
  }
  raw.resize(size);
  return raw;
}

Result<Bytes> decompress(ByteView frame, DictionaryNumber dictionary, std::size_t raw_size) {
  Result<Bytes> raw = decompress_at_most(frame, dictionary, raw_size);
  if (raw && raw->size() != raw_size) {
    return Error{ErrorCode::malformed, "compressed bytes do not give what they say"};
  }
  return raw;
}

}  // namespace events
