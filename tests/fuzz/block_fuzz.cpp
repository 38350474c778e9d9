// Whatever bytes arrive as a block, from a device, a server or a disk: they are refused, or they
// are the only bytes of what they say, and every event in them is found alone as it is found
// together.

#include "events/base/check.h"
#include "events/log/block.h"
#include "events/log/event.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace {

using namespace events;

void read_as_device_block(const Bytes& bytes) {
  static const VerifyingKey key = [] {
    SecretSeed seed;
    seed.bytes.fill(7);
    return *VerifyingKey::load(SigningKey::from_seed(seed).public_key());
  }();
  const Result<DeviceBlock> block = decode_device_block(bytes);
  if (!block) return;
  CHECK(encode_device_block(*block) == bytes, "a block has one encoding");
  CHECK(block->last_seq() >= block->first_seq, "a block holds at least one event");
  if (verify_device_block(*block, key)) {
    for (const Bytes& canonical : block->events) {
      CHECK(read_event_header(canonical).has_value(), "a verified block holds events");
    }
  }
}

void read_as_stored_block(const Bytes& bytes) {
  const Result<StoredBlock> block = decode_stored_block(bytes);
  if (!block) return;
  CHECK(encode_stored_block(*block) == bytes, "a block has one encoding");
  CHECK(receipt_of(*block).last() == block->last(), "a receipt is about the whole block");
  const Result<std::vector<StoredEvent>> together = stored_events(*block);
  for (std::size_t index = 0; index < block->entries.size(); ++index) {
    const Result<StoredEvent> alone = stored_event_at(bytes, Position{block->first.value + index});
    CHECK(!together || alone.has_value(), "what reads together reads alone");
    if (!together) continue;
    const StoredEvent& same = (*together)[index];
    CHECK(alone->event.canonical == same.event.canonical && alone->verdict == same.verdict &&
              alone->position == same.position,
          "and is the same event");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, data + size);
  read_as_device_block(bytes);
  read_as_stored_block(bytes);
  return 0;
}
