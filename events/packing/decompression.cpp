#include "events/base/check.h"
#include "events/packing/compression.h"
#include "events/packing/frame_layout.h"

// The format without a magic number is in the part of the interface that only its macros need.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace events {
namespace {

struct Free {
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

/// Digested once a process.  Never freed, so that blocks are read in destructors of statics too.
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
