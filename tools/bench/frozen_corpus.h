#pragma once

#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "tools/bench/wire_corpus.h"

#include <filesystem>

namespace bench {

/// The dossier lives that the bytes of the wire are measured on, as a file of the project: figures
/// of different years are of the same events, whatever the program that made them up does since.
struct FrozenCorpus {
  WireCorpus bulk;        ///< Pushes of 100 events.
  WireCorpus single;      ///< Pushes of one event.
  events::Digest digest;  ///< SHA-256 of the file.
};

/// Where the project keeps it.
std::filesystem::path frozen_corpus_path();

/// Format:  one Zstandard frame of: count of bulk blocks, these blocks, count of single blocks,
/// these
///          blocks; each block is a stored block in plain form behind its length, a varint.
/// Errors:  io_failed; malformed.
events::Result<FrozenCorpus> read_frozen_corpus(const std::filesystem::path& path);
/// Makes the corpus of `seed` up and writes it.
/// Errors:  io_failed.
events::Result<void> write_frozen_corpus(const std::filesystem::path& path, std::uint64_t seed);

}  // namespace bench
