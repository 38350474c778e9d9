#pragma once

#include "events/crypto/signature.h"
#include "events/protocol/messages.h"
#include "server/commit/pipeline.h"
#include "tools/bench/corpus.h"

#include <cstdint>

namespace bench {

/// Enrols `count` more devices of the corpus's commune, without events of their own: one for each
/// connection of a crowd.
/// Expects: `corpus` founded the log, and nobody else enrolled in it.
void enrol_devices(const Corpus& corpus, server::Pipeline& pipeline, std::uint64_t count);

/// Of device number 0, 1, …
events::SecretSeed seed_of_device(std::uint64_t number);
events::SigningKey key_of_device(std::uint64_t number);
/// Its greeting at the start of the log, not signed.
events::protocol::Hello hello_of_device(std::uint64_t number);

}  // namespace bench
