#include "events/base/check.h"
#include "events/packing/compression.h"

// The format without a magic number is in the part of the interface that only its macros need.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

#include <cstddef>
#include <memory>

namespace events {
namespace {

/// Blocks are small and compressed once for many readers.
constexpr int great_level = 19;
constexpr int little_level = 3;

struct Free {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
};

const ZSTD_CDict* digest_newest(int level) {
  const ByteView bytes = dictionary_bytes(newest_dictionary);
  return ZSTD_createCDict(bytes.data(), bytes.size(), level);
}

/// Digested once a process.  Never freed, so that blocks are read in destructors of statics too.
const ZSTD_CDict* newest_for_compression(Effort effort) {
  if (effort == Effort::little) {
    static const ZSTD_CDict* const fast = digest_newest(little_level);
    return fast;
  }
  static const ZSTD_CDict* const thorough = digest_newest(great_level);
  return thorough;
}

ZSTD_CCtx* compressor_of_this_thread() {
  thread_local const std::unique_ptr<ZSTD_CCtx, Free> context = [] {
    std::unique_ptr<ZSTD_CCtx, Free> made(ZSTD_createCCtx());
    CHECK(made != nullptr, "a compressor's memory is there");
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_format, ZSTD_f_zstd1_magicless);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_contentSizeFlag, 0);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_checksumFlag, 0);
    ZSTD_CCtx_setParameter(made.get(), ZSTD_c_dictIDFlag, 0);
    return made;
  }();
  return context.get();
}

}  // namespace

Bytes compress(ByteView raw, DictionaryNumber dictionary, Effort effort) {
  CHECK(dictionary == newest_dictionary, "old dictionaries are only read");
  ZSTD_CCtx* const context = compressor_of_this_thread();
  ZSTD_CCtx_refCDict(context, newest_for_compression(effort));
  Bytes frame(ZSTD_compressBound(raw.size()));
  const std::size_t size =
      ZSTD_compress2(context, frame.data(), frame.size(), raw.data(), raw.size());
  CHECK(ZSTD_isError(size) == 0, "there is room for what compresses worst");
  frame.resize(size);
  return frame;
}

}  // namespace events
