#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"
#include "events/crypto/digest.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace events {

/// The Merkle tree of RFC 6962 over the stored events: leaf i is the event at position i + 1.

/// The root of the tree without leaves.
[[nodiscard]] Digest empty_root();

/// SHA-256(0x00 ‖ leaf).
[[nodiscard]] Digest leaf_hash(ByteView leaf);

/// SHA-256(0x01 ‖ left ‖ right).
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);

/// The root over `leaf_hashes` by the recursive definition of RFC 6962, for audits and tests.
///
/// Cost: one hash a leaf; `Frontier` gives the same root without keeping the leaves.
[[nodiscard]] Digest root_of(std::span<const Digest> leaf_hashes);

/// The right edge of the tree: everything that is needed to append leaves and to compute the root.
/// A tree of n leaves is a row of complete subtrees, one for each bit set in n, the largest first.
/// The object itself holds the roots of these subtrees, at most 64.
///
/// Format: form:u8=1 size:u64 big-endian, then 32 bytes for each bit set in size, the largest
///         subtree first (docs/log_format.md).
class Frontier {
 public:
  static constexpr std::uint8_t form = 1;
  static constexpr std::size_t encoded_bytes_max = 1 + 8 + 64 * 32;

  Frontier() = default;

  /// Adds one leaf, given as its `leaf_hash`.
  ///
  /// Cost: one `node_hash` on average, log2(size) of them at most, no allocation.
  void append(const Digest& leaf);

  /// The number of leaves.
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// The root over all leaves.
  ///
  /// Cost: one `node_hash` less than there are bits set in `size`.
  [[nodiscard]] Digest root() const;

  [[nodiscard]] Bytes encode() const;

  /// Errors: unsupported: a form that this build does not read.
  ///         malformed:   fewer or more hashes than the size asks for.
  [[nodiscard]] static Result<Frontier> decode(ByteView bytes);

  bool operator==(const Frontier& other) const;

 private:
  [[nodiscard]] std::span<const Digest> subtrees() const;

  std::uint64_t size_ = 0;
  std::array<Digest, 64> subtrees_{};  // Only the first popcount(size_) have a meaning.
};

}  // namespace events
