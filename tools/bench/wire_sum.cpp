#include "tools/bench/wire_sum.h"

#include "events/compression/live_block.h"
#include "events/compression/wire_block.h"
#include "events/event.h"

#include <optional>

namespace bench {
namespace {

double digests_of(events::ByteView canonical) {
  return events::private_digest_of(events::read_event(canonical)->payload) ? 1 : 0;
}

}  // namespace

WireSum& WireSum::operator+=(const WireSum& more) {
  bytes += more.bytes;
  plain_bytes += more.plain_bytes;
  events += more.events;
  digests += more.digests;
  signatures += more.signatures;
  return *this;
}

WireSum sum_pushed(const std::vector<events::DeviceBlock>& blocks) {
  WireSum sum;
  for (const events::DeviceBlock& block : blocks) {
    sum.bytes += static_cast<double>(events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_device_block(block).size());
    sum.events += static_cast<double>(block.events.size());
    sum.signatures += 1;
    for (const events::Bytes& event : block.events) sum.digests += digests_of(event);
  }
  return sum;
}

WireSum sum_stored(const std::vector<events::StoredBlock>& blocks) {
  WireSum sum;
  for (const events::StoredBlock& block : blocks) {
    sum.bytes += static_cast<double>(events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_stored_block(block).size());
    sum.events += static_cast<double>(block.entries.size());
    for (const events::BlockEntry& entry : block.entries) {
      sum.digests += digests_of(entry.canonical);
    }
  }
  return sum;
}

WireSum sum_live(const std::vector<events::StoredBlock>& blocks) {
  WireSum sum;
  for (const events::StoredBlock& block : blocks) {
    const std::optional<events::Bytes> packed = events::pack_live_block(block);
    sum.bytes += static_cast<double>(packed ? packed->size() : events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_stored_block(block).size());
    sum.events += static_cast<double>(block.entries.size());
  }
  return sum;
}

}  // namespace bench
