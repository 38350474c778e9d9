#include "events/base/check.h"
#include "tools/bench/frozen_corpus.h"
#include "tools/bench/measure.h"
#include "tools/bench/wire_sum.h"

#include <string>

namespace bench {
namespace {

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
  const WireSum pushed = sum_pushed(corpus.bulk.pushed);
  const WireSum stored = sum_stored(corpus.bulk.stored);
  const WireSum pushed_alone = sum_pushed(corpus.single.pushed);
  const WireSum stored_alone = sum_live(corpus.single.stored);
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
