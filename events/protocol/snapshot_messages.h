#pragma once

#include "events/base/bounded.h"
#include "events/base/bytes.h"
#include "events/base/ids.h"
#include "events/crypto/serialize.h"
#include "events/log/event_log.h"
#include "events/log/scope_sum.h"
#include "events/protocol/frame_kind.h"
#include "events/protocol/limits.h"
#include "events/protocol/scope_messages.h"

#include <cstddef>
#include <cstdint>
#include <vector>

// A snapshot instead of a long stretch of the log.  Grammar and sequences: docs/protocol.md.

namespace events::protocol {

/// Bit of `features` in HELLO: the device takes a snapshot where that is shorter than the log.
inline constexpr std::uint32_t feature_snapshots = 32;

inline constexpr std::uint8_t snapshot_format = 1;
/// A manifest with so many digests fits into a frame.
inline constexpr std::size_t snapshot_chunks_max = 456;
/// A chunk, its index and its length fit into a frame.
inline constexpr std::size_t snapshot_chunk_bytes_max = 16'320;
/// Half a second of the design line: what a cut repeats at most, of all but very long snapshots.
inline constexpr std::size_t snapshot_chunk_bytes = 4'096;
inline constexpr std::size_t snapshot_size_max = snapshot_chunks_max * snapshot_chunk_bytes_max;
/// Of a reader whom one is made for; the manifest holds them all.
inline constexpr std::size_t snapshot_units_max = 16;
inline constexpr std::size_t snapshot_communes_max = 16;

/// What a snapshot is, before its bytes: signed by the server like a receipt.  Its name is the
/// SHA-256 digest of what is signed.
struct SnapshotManifest {
  std::uint8_t format = snapshot_format;
  std::uint32_t revision{};  ///< projections::snapshot_revision() of who made it.
  LogId log;
  Epoch epoch;
  Position position;  ///< The last event it stands for; the end of a block.
  Digest root;        ///< Of the log after `position`.
  ReaderScope scope;
  PrivateAccess private_access;
  std::uint32_t dictionary{};
  std::uint64_t raw_size{};                          ///< Before it was compressed.
  std::uint64_t size{};                              ///< Of all chunks.
  std::uint32_t chunk_bytes = snapshot_chunk_bytes;  ///< Of each but the last.
  std::vector<Digest> chunks;
  std::uint64_t records{};  ///< Private records that are sent behind it, those erased included.
  /// Of each unit of the scope, up to `position`: from here the device goes on counting.
  std::vector<ScopeSum> sums;
  Signature signature;  ///< Of the system chain's key over snapshot_statement().

  bool operator==(const SnapshotManifest&) const = default;
  template <class Archive>
  void serialize(Archive& archive) {
    archive(format);
    archive.expect(format == snapshot_format, "a snapshot in another format");
    archive(revision, log, epoch, position, root, scope, private_access, dictionary, raw_size, size,
            chunk_bytes, bounded<snapshot_chunks_max>(chunks), records,
            bounded<snapshot_units_max>(sums), signature);
    archive.expect(is_sound(), "a manifest whose numbers do not fit");
  }

  bool is_sound() const {
    if (chunk_bytes == 0 || chunk_bytes > snapshot_chunk_bytes_max) return false;
    if (size == 0 || size > snapshot_size_max) return false;
    return chunks.size() == (size + chunk_bytes - 1) / chunk_bytes &&
           scope.units.size() <= snapshot_units_max && !scope.whole_log &&
           sums.size() == scope.units.size() &&
           private_access.communes.size() <= snapshot_communes_max;
  }
  /// Of the chunk with that index.
  std::size_t size_of_chunk(std::size_t index) const {
    const bool is_last = index + 1 == chunks.size();
    return is_last ? static_cast<std::size_t>(size - index * chunk_bytes) : chunk_bytes;
  }
};

/// "khuyenhoc-snapshot-1" ‖ the compact form of `manifest` with a zero signature.
Bytes snapshot_statement(const SnapshotManifest& manifest);
/// The name of a snapshot: SHA-256 of snapshot_statement().
Digest snapshot_name(const SnapshotManifest& manifest);

/// S→C.  Instead of the first EVENTS; nothing is pulled until SNAP_WANT answers it.
struct SnapOffer {
  static constexpr FrameKind kind = FrameKind::snap_offer;
  Bytes manifest;  ///< A SnapshotManifest; who cannot read it, declines it.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(bounded<frame_bytes_max>(manifest));
  }
};

/// C→S.  What the device lacks of a snapshot; a name of zeros: nothing, the log instead.
struct SnapWant {
  static constexpr FrameKind kind = FrameKind::snap_want;
  Digest name;
  Position position;  ///< Of that snapshot, which the server may have to make once more.
  Bytes missing;      ///< A bit for each chunk, the lowest of the first byte first; 1: send it.
  std::uint64_t records_from{};  ///< Private records before this one are here.

  bool declines() const { return name == Digest{}; }
  bool wants(std::size_t chunk) const {
    return chunk / 8 < missing.size() && ((missing[chunk / 8] >> (chunk % 8)) & 1U) != 0;
  }
  template <class Archive>
  void serialize(Archive& archive) {
    archive(name, position, bounded<snapshot_chunks_max / 8>(missing), records_from);
  }
};

/// S→C.  One chunk; an index behind the last one and no bytes: that was all, private records
/// included.
struct Snap {
  static constexpr FrameKind kind = FrameKind::snap;
  std::uint32_t index{};
  Bytes bytes;

  template <class Archive>
  void serialize(Archive& archive) {
    archive(index, bounded<snapshot_chunk_bytes_max>(bytes));
  }
};

}  // namespace events::protocol
