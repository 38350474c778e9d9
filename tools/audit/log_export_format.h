#pragma once

#include "events/base/ids.h"
#include "events/crypto/serialize.h"
#include "events/log/block.h"
#include "projections/verification/checkpoint_digest.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// The file that carries a log to whoever checks it.
/// Format: docs/log_export_format.md.
namespace audit {

/// First bytes of every log export.
inline constexpr std::string_view log_export_magic = "khuyenhoc-bundle";
inline constexpr std::uint8_t log_export_form = 1;

/// What a record holds; one byte in front of each.
enum class RecordKind : std::uint8_t {
  header = 1,      ///< First, once.
  checkpoint = 2,  ///< Before the blocks.
  block = 3,
  trailer = 4,  ///< Last, once.
};

/// Kind and size, in front of the body.
inline constexpr std::size_t record_head_bytes = 1 + 4;
/// Digest, count and table of leaf hashes, encoded block.
inline constexpr std::size_t record_body_bytes_max =
    32 + 1 + events::block_events_max * 32 + events::encoded_block_bytes_max;
inline constexpr std::size_t checkpoints_max = 256;

/// What the log export says it is.
struct LogExportHeader {
  events::LogId log;
  events::Epoch epoch;
  std::string origin;
  events::Position position;     ///< Last event in the log export.
  events::Digest root;           ///< RFC 6962 root there.
  events::PublicKey server_key;  ///< Of the system chain.

  bool operator==(const LogExportHeader&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(log, epoch, events::bounded<128>(origin), position, root, server_key);
  }
};

/// What the server had folded a projection to.
using LogExportCheckpoint = verification::CheckpointDigest;

/// A stored block as it lies in the log, with what tells where it was altered.
struct LogExportBlock {
  events::Digest digest;                    ///< SHA-256 of `encoded`, as written beside it.
  std::vector<events::Digest> leaf_hashes;  ///< One per event, as written beside it.
  events::Bytes encoded;
};

/// The end: how much there was, and the digest over all of it.
struct LogExportTrailer {
  std::uint64_t blocks{};
  std::uint64_t events{};
  events::Digest digest;  ///< SHA-256 of every byte before the trailer's record.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(blocks, events, digest);
  }
};

}  // namespace audit
