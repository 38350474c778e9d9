#include "events/check.h"
#include "events/compression/live_block.h"
#include "events/compression/wire_block.h"
#include "events/event.h"
#include "tools/bench/frozen_corpus.h"
#include "tools/bench/measure.h"

#include <optional>
#include <string>

namespace bench {
namespace {

constexpr double digest_bytes = 32;
constexpr double signature_bytes = 64;

std::size_t digests_of(events::ByteView canonical) {
  return events::private_digest_of(events::read_event(canonical)->payload) ? 1 : 0;
}

struct Sum {
  double bytes = 0, plain_bytes = 0, events = 0, digests = 0, signatures = 0;
  /// Bytes an event but those that no form can save.
  double excess() const {
    return (bytes - digest_bytes * digests - signature_bytes * signatures) / events;
  }
  double plain_excess() const {
    return (plain_bytes - digest_bytes * digests - signature_bytes * signatures) / events;
  }
};

Sum sum_pushed(const std::vector<events::DeviceBlock>& blocks) {
  Sum sum;
  for (const events::DeviceBlock& block : blocks) {
    sum.bytes += static_cast<double>(events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_device_block(block).size());
    sum.events += static_cast<double>(block.events.size());
    sum.signatures += 1;
    for (const events::Bytes& event : block.events) {
      sum.digests += static_cast<double>(digests_of(event));
    }
  }
  return sum;
}

Sum sum_stored(const std::vector<events::StoredBlock>& blocks) {
  Sum sum;
  for (const events::StoredBlock& block : blocks) {
    sum.bytes += static_cast<double>(events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_stored_block(block).size());
    sum.events += static_cast<double>(block.entries.size());
    for (const events::BlockEntry& entry : block.entries) {
      sum.digests += static_cast<double>(digests_of(entry.canonical));
    }
  }
  return sum;
}

Sum sum_live(const std::vector<events::StoredBlock>& blocks) {
  Sum sum;
  for (const events::StoredBlock& block : blocks) {
    const std::optional<events::Bytes> packed = events::pack_live_block(block);
    sum.bytes += static_cast<double>(packed ? packed->size() : events::pack_block(block).size());
    sum.plain_bytes += static_cast<double>(events::encode_stored_block(block).size());
    sum.events += static_cast<double>(block.entries.size());
  }
  return sum;
}

Figure ceiling(const char* name, double value, double plain, double target,
               const std::string& note) {
  return {.name = name,
          .value = value,
          .unit = "B",
          .baseline = plain,
          .ratio = value / plain,
          .target = target,
          .at_least = false,
          .note = note};
}

}  // namespace

std::vector<Figure> measure_wire(const Effort& /*effort*/) {
  const events::Result<FrozenCorpus> read = read_frozen_corpus(frozen_corpus_path());
  CHECK(read, "the corpus is part of the project");
  const FrozenCorpus& corpus = *read;
  const Sum pushed = sum_pushed(corpus.bulk.pushed);
  const Sum stored = sum_stored(corpus.bulk.stored);
  const Sum pushed_alone = sum_pushed(corpus.single.pushed);
  const Sum stored_alone = sum_live(corpus.single.stored);
  const std::string name = "lives_1, SHA-256 " + events::to_hex(corpus.digest.bytes) + ": ";
  return {
      ceiling(
          "wire_push_bytes", pushed.excess(), pushed.plain_excess(), 12,
          name + "an event of a push of 100, without its digest and the signature; plain codec"),
      ceiling("wire_pull_bytes", stored.excess(), stored.plain_excess(), 16,
              "an event of a pulled block, without its digest; plain codec"),
      ceiling("wire_push_one", pushed_alone.bytes / pushed_alone.events,
              pushed_alone.plain_bytes / pushed_alone.events, 130,
              "a block of one pushed event with its signature; plain codec"),
      ceiling("wire_live_one", stored_alone.bytes / stored_alone.events,
              stored_alone.plain_bytes / stored_alone.events, 60,
              "a block of one event to a live reader; whole in plain codec"),
  };
}

}  // namespace bench
