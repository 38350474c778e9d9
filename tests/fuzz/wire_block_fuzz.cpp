// Whatever bytes arrive as a packed block: they are refused, or what they hold travels and is
// stored in the plain form and comes back the same.

#include "events/base/check.h"
#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"

#include <cstddef>
#include <cstdint>
#include <optional>

namespace {

/// What the rest of the hash is, the signature would show.
events::Result<events::Digest> as_it_came(const events::DeviceBlock& head) { return head.previous; }

/// A digest whose record is at hand; the corpus names it, and zeros are easily found.
constexpr events::Digest beside[1] = {};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace events;
  const ByteView bytes(data, size);
  if (const Result<DeviceBlock> block = unpack_device_block(bytes, as_it_came, beside)) {
    const Bytes plain = encode_device_block(*block);
    // A plain block has the whole hash; of a packed one the beginning travels.
    for (const Bytes& packed : {pack_block(*block), pack_block(*block, beside)}) {
      const Result<DeviceBlock> again = unpack_device_block(packed, as_it_came, beside);
      CHECK(again && again->events == block->events, "packing loses nothing");
    }
    CHECK(plain.size() >= pack_block(*block).size(), "packing never costs");
  }
  if (const Result<StoredBlock> block = unpack_stored_block(bytes)) {
    const Bytes plain = encode_stored_block(*block);
    const Result<StoredBlock> again = unpack_stored_block(pack_block(*block));
    CHECK(again && encode_stored_block(*again) == plain, "packing loses nothing");
  }
  if (const Result<LiveBlock> live = unpack_live_block(bytes, LogId{1}, Epoch{1})) {
    const Result<LiveBlock> kept = read_kept_live_block(keep_live_block(bytes, LogId{1}, Epoch{1}));
    CHECK(kept && kept->fingerprint == live->fingerprint, "what came is kept");
    const std::optional<Bytes> packed = pack_live_block(live->block);
    if (!packed) return 0;  // Not packable: it would travel as a whole.
    const Result<LiveBlock> again = unpack_live_block(*packed, LogId{1}, Epoch{1});
    CHECK(again && encode_stored_block(again->block) == encode_stored_block(live->block),
          "packing loses nothing");
  }
  return 0;
}
