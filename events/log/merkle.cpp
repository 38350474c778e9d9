#include "events/log/merkle.h"

#include "events/base/check.h"

#include <algorithm>
#include <bit>
#include <limits>

namespace events {
namespace {

constexpr std::size_t header_bytes = 1 + sizeof(std::uint64_t);
constexpr std::size_t digest_bytes = sizeof(Digest::bytes);

std::size_t subtree_count(std::uint64_t size) {
  return static_cast<std::size_t>(std::popcount(size));
}

}  // namespace

Digest empty_root() { return sha256({}); }

Digest leaf_hash(ByteView leaf) {
  static constexpr std::uint8_t prefix[] = {0x00};
  return sha256(prefix, leaf);
}

Digest node_hash(const Digest& left, const Digest& right) {
  std::array<std::uint8_t, 1 + 2 * digest_bytes> node;
  node[0] = 0x01;
  const auto middle = std::copy(left.bytes.begin(), left.bytes.end(), node.begin() + 1);
  std::copy(right.bytes.begin(), right.bytes.end(), middle);
  return sha256(node);
}

Digest root_of(std::span<const Digest> leaf_hashes) {
  if (leaf_hashes.empty()) return empty_root();
  if (leaf_hashes.size() == 1) return leaf_hashes.front();

  const std::size_t left_size = std::bit_floor(leaf_hashes.size() - 1);
  const Digest left = root_of(leaf_hashes.first(left_size));
  const Digest right = root_of(leaf_hashes.subspan(left_size));
  return node_hash(left, right);
}

void Frontier::append(const Digest& leaf) {
  CHECK(size_ < std::numeric_limits<std::uint64_t>::max(), "no log holds 2^64 events");

  std::size_t count = subtree_count(size_);
  Digest complete = leaf;
  // A trailing 1 bit is a subtree as large as `complete`: together they make the next larger one.
  for (std::uint64_t rest = size_; (rest & 1U) != 0; rest >>= 1U) {
    --count;
    complete = node_hash(subtrees_[count], complete);
  }
  subtrees_[count] = complete;
  ++size_;
}

Digest Frontier::root() const {
  if (size_ == 0) return empty_root();

  const std::span<const Digest> complete = subtrees();
  Digest root = complete.back();
  for (std::size_t i = complete.size() - 1; i > 0; --i) root = node_hash(complete[i - 1], root);
  return root;
}

Bytes Frontier::encode() const {
  Bytes encoded;
  encoded.reserve(header_bytes + subtrees().size() * digest_bytes);
  encoded.push_back(form);
  for (int shift = 56; shift >= 0; shift -= 8) {
    encoded.push_back(static_cast<std::uint8_t>(size_ >> shift));
  }
  for (const Digest& subtree : subtrees()) append_bytes(encoded, subtree.bytes);
  return encoded;
}

Result<Frontier> Frontier::decode(ByteView bytes) {
  if (bytes.empty()) return Error{ErrorCode::malformed, "a frontier is empty"};
  if (bytes[0] != form) return Error{ErrorCode::unsupported, "unknown form of a frontier"};
  if (bytes.size() < header_bytes) return Error{ErrorCode::malformed, "a frontier is cut"};

  Frontier frontier;
  for (const std::uint8_t byte : bytes.subspan(1, sizeof(std::uint64_t))) {
    frontier.size_ = (frontier.size_ << 8U) | byte;
  }

  ByteView hashes = bytes.subspan(header_bytes);
  const std::size_t count = subtree_count(frontier.size_);
  if (hashes.size() != count * digest_bytes) {
    return Error{ErrorCode::malformed, "a frontier's hashes do not match its size"};
  }
  for (std::size_t i = 0; i < count; ++i) {
    const ByteView hash = hashes.subspan(i * digest_bytes, digest_bytes);
    std::copy(hash.begin(), hash.end(), frontier.subtrees_[i].bytes.begin());
  }
  return frontier;
}

bool Frontier::operator==(const Frontier& other) const {
  const std::span<const Digest> mine = subtrees();
  return size_ == other.size_ && std::equal(mine.begin(), mine.end(), other.subtrees().begin());
}

std::span<const Digest> Frontier::subtrees() const {
  return std::span(subtrees_).first(subtree_count(size_));
}

}  // namespace events
