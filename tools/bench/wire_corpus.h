#pragma once

#include "events/log/block.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

/// What a commune's device pushes and what the log makes of it: blocks of both kinds of whole
/// dossier lives, `events_a_push` events a push.
struct WireCorpus {
  std::vector<events::DeviceBlock> pushed;
  std::vector<events::StoredBlock> stored;
};

/// Judges and stores `events` events of the corpus of `seed` in memory.
WireCorpus make_wire_corpus(std::uint64_t seed, std::uint64_t events, std::size_t events_a_push);

}  // namespace bench
