#include "tools/bench/wire_sum.h"

#include "events/log/event.h"
#include "events/packing/live_block.h"
#include "events/packing/wire_block.h"

#include <optional>

namespace bench {
namespace {

/// Of a digest in a PUSH whose record goes before it.
constexpr double cut_digest_bytes = 4;
constexpr double whole_digest_bytes = sizeof(events::Digest::bytes);

std::optional<events::Digest> digest_in(events::ByteView canonical) {
  return events::private_digest_of(events::read_event(canonical)->payload);
}

}  // namespace

WireSum& WireSum::operator+=(const WireSum& more) {
  bytes += more.bytes;
  plain_bytes += more.plain_bytes;
  events += more.events;
  digests += more.digests;
  signatures += more.signatures;
  digest_bytes += more.digest_bytes;
  return *this;
}

std::vector<events::Digest> digests_in(const events::DeviceBlock& block) {
  std::vector<events::Digest> digests;
  for (const events::Bytes& event : block.events) {
    if (const auto digest = digest_in(event)) digests.push_back(*digest);
  }
  return digests;
}

WireSum sum_pushed(const std::vector<events::DeviceBlock>& blocks) {
  WireSum sum;
  for (const events::DeviceBlock& block : blocks) {
    const std::vector<events::Digest> beside = digests_in(block);
    sum.bytes += static_cast<double>(events::pack_block(block, beside).size());
    sum.plain_bytes += static_cast<double>(events::encode_device_block(block).size());
    sum.events += static_cast<double>(block.events.size());
    sum.signatures += 1;
    sum.digests += static_cast<double>(beside.size());
  }
  sum.digest_bytes = cut_digest_bytes * sum.digests;
  return sum;
}

WireSum sum_stored(const std::vector<events::StoredBlock>& blocks) {
  WireSum sum;
  for (const events::StoredBlock& block : blocks) {
    sum.bytes += static_cast<double>(events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_stored_block(block).size());
    sum.events += static_cast<double>(block.entries.size());
    for (const events::BlockEntry& entry : block.entries) {
      if (digest_in(entry.canonical)) ++sum.digests;
    }
  }
  sum.digest_bytes = whole_digest_bytes * sum.digests;
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
