#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"
#include "events/crypto/serialize.h"
#include "events/kinds/evidence_events.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/limits.h"

#include <cstdint>
#include <string>

// Files of evidence on their way, and the credit that paces them.
// Format:  docs/protocol.md 3 and 5 "Files".

namespace events::protocol {

/// Bit of HELLO `features`: the device sends and takes files, and returns credit for what it takes.
/// Without it the server sends neither, and does not wait for credit.
inline constexpr std::uint32_t feature_files = 4;

/// The unit in which a file becomes durable, and what a cut repeats at most.
inline constexpr std::uint32_t file_chunk_bytes = 16 * 1024;
/// Bytes of a file in one frame on a slow line, so that what is urgent waits a quarter second.
inline constexpr std::uint32_t slow_piece_bytes = 2'000;
/// The same on a good line.
inline constexpr std::uint32_t good_piece_bytes = 8 * 1024;
/// A bit for each chunk of the greatest file.
inline constexpr std::size_t chunk_bitmap_bytes_max =
    (original_bytes_max / file_chunk_bytes + 7) / 8;
/// Bytes a receiver grants before it has said anything.
inline constexpr std::uint32_t initial_credit_bytes = 64 * 1024;

/// A file as the log names it.
struct FileName {
  EventId attached;  ///< The EvidenceAttached.
  FilePart part{};
  auto operator<=>(const FileName&) const = default;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(attached, part);
  }
};

/// C→S.  The device has the bytes of a file that an acknowledged event in its scope names.
struct BlobOffer {
  static constexpr FrameKind kind = FrameKind::blob_offer;
  FileName file;
  Digest proof;  ///< possession_proof(): that it has them, and not only their digest.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(file, proof);
  }
};

enum class FileStatus : std::uint8_t {
  wanted = 1,   ///< Send what is missing.
  stored = 2,   ///< All of it is durable, and EvidenceStored is in the log.
  refused = 3,  ///< See `reason`.
  awaited = 4,  ///< Answer to BLOB_WANT: the device that has it was, or will be, asked.
};

/// S→C.  How far a file is.
struct BlobState {
  static constexpr FrameKind kind = FrameKind::blob_state;
  FileName file;
  FileStatus status{};
  /// When refused.  storage_corrupt: the bytes do not have the digest, and all were dropped.
  ErrorCode reason{};
  Bytes missing;                ///< When wanted: bit i % 8 of byte i / 8 for chunk i.
  std::uint32_t begun_bytes{};  ///< Of the first missing chunk, so many need not come again.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(file, status, reason, bounded<chunk_bitmap_bytes_max>(missing), begun_bytes);
  }
};

/// Both.  Bytes of a file.  They begin a chunk or follow the piece before, and end with the chunk
/// at the latest.
struct BlobChunk {
  static constexpr FrameKind kind = FrameKind::blob_chunk;
  FileName file;
  std::uint32_t offset{};
  Bytes bytes;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(file, offset, bounded<good_piece_bytes>(bytes));
  }
};

/// C→S: send the file from `offset` on, or have it fetched.  S→C: somebody asked for the file;
/// offer it, whatever the device's habit is.
struct BlobWant {
  static constexpr FrameKind kind = FrameKind::blob_want;
  FileName file;
  std::uint32_t offset{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(file, offset);
  }
};

/// Both.  The receiver has room for so many more bytes: S→C of BLOB_CHUNK, C→S of all
/// frames.
inline constexpr std::uint8_t credit_group = 0;

struct Credit {
  static constexpr FrameKind kind = FrameKind::credit;
  std::uint8_t group = credit_group;  ///< Others are reserved, and their credit is not counted.
  std::uint32_t bytes{};

  template <class Archive>
  void serialize(Archive& archive) {
    archive(group, bytes);
  }
};

/// Shows that `chain` holds the bytes of `file`: SHA-256 over "khuyenhoc-file-proof-1" ‖ chain ‖
/// file ‖ bytes.  Whoever knows only the digest cannot make it, and another's proof is of no use.
class PossessionProof {
 public:
  PossessionProof(ChainNumber chain, const FileName& file);
  void add(ByteView bytes) { hash_.add(bytes); }
  Digest finish() { return hash_.finish(); }

 private:
  Sha256 hash_;
};
Digest possession_proof(ChainNumber chain, const FileName& file, ByteView bytes);

// ---- chunks ----

constexpr std::uint32_t chunk_count(std::uint32_t file_bytes) {
  return (file_bytes + file_chunk_bytes - 1) / file_chunk_bytes;
}
/// Expects: index < chunk_count(file_bytes).
constexpr std::uint32_t chunk_size(std::uint32_t file_bytes, std::uint32_t index) {
  const std::uint32_t begin = index * file_chunk_bytes;
  return file_bytes - begin < file_chunk_bytes ? file_bytes - begin : file_chunk_bytes;
}

}  // namespace events::protocol
