#include "events/base/check.h"
#include "events/packing/compression.h"
#include "events/packing/frame_layout.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace events {

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

}  // namespace events
