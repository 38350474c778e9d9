#include "projections/state/item_leaf.h"

#include "events/packing/compression.h"

namespace projections {

events::Bytes packed_bytes(events::ByteView raw) {
  const events::Bytes frame =
      events::compress(raw, events::newest_dictionary, events::Effort::little);
  events::Bytes packed;
  packed.reserve(frame.size() + 4);
  events::CompactOutput archive(packed);
  archive.write_varint(raw.size());
  archive.write_bytes(frame);
  return packed;
}

events::Bytes unpacked_bytes(events::ByteView packed) {
  events::CompactInput archive(packed);
  const std::uint64_t size = archive.read_varint();
  events::Result<events::Bytes> raw =
      events::decompress(archive.rest(), events::newest_dictionary, size);
  CHECK(raw.has_value(), "what was packed is unpacked");
  return std::move(*raw);
}

}  // namespace projections
