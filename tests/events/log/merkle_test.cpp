#include "events/log/merkle.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace events {
namespace {

std::string hex_of(const Digest& digest) { return to_hex(digest.bytes); }

std::vector<Digest> some_leaves(std::size_t count) {
  std::vector<Digest> leaves;
  leaves.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    leaves.push_back(leaf_hash(bytes_of("event " + std::to_string(i) + " quyết định")));
  }
  return leaves;
}

Frontier frontier_of(std::span<const Digest> leaves) {
  Frontier frontier;
  for (const Digest& leaf : leaves) frontier.append(leaf);
  return frontier;
}

// Witnesses and auditors, whose software nobody here wrote, would reject every checkpoint.
TEST(Merkle, RootsEqualThePublishedAnswers) {
  struct Answer {
    std::size_t size;
    const char* root;
  };
  const std::vector<Answer> answers = {
      {0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
      {1, "c7e3d5c2348ee5e9a63a589b7ad29145449fd771581074cdbc64f7e8498e2878"},
      {2, "190c14b56f5b59734e90d827daa03a6df407edeb36bb71aea7de12b725a00c2c"},
      {3, "5f9f694c5e5a62bb7f6ed84e24c5bc4e2f57b13720b714ad6d74a87d1f3dc061"},
      {256, "1863299a3392b43d3d81b775a4ad2646c4b72a7bf9f4a6d18d00519c07809f92"},
      {257, "da6782d725d609db5d937e9b39edd410f063e20c1557f23fff4fc498cfcebdae"},
      {70'000, "8d517dd846ed9e7c76d2943dbd32676b148b56c2ccaf6c05e64daa3678161bee"},
  };
  for (const Answer& answer : answers) {
    SCOPED_TRACE(answer.size);
    const std::vector<Digest> leaves = some_leaves(answer.size);
    EXPECT_EQ(hex_of(root_of(leaves)), answer.root);
    EXPECT_EQ(hex_of(frontier_of(leaves).root()), answer.root);
  }
  EXPECT_EQ(hex_of(empty_root()), answers.front().root);
}

// The root in a block row would not be that of the tree, and devices would see a rewritten log.
TEST(Merkle, FrontierAgreesWithTheDefinitionAtEverySize) {
  const std::vector<Digest> leaves = some_leaves(300);
  Frontier frontier;
  for (std::size_t size = 0;; ++size) {
    SCOPED_TRACE(size);
    ASSERT_EQ(frontier.size(), size);
    ASSERT_EQ(frontier.root(), root_of(std::span(leaves).first(size)));
    if (size == leaves.size()) break;
    frontier.append(leaves[size]);
  }
}

// An event whose bytes spell two hashes could pass for an inner node, and hide others below it.
TEST(Merkle, LeafAndNodeOfTheSameBytesDiffer) {
  const Digest left = sha256(bytes_of("left"));
  const Digest right = sha256(bytes_of("right"));
  Bytes both;
  append_bytes(both, left.bytes);
  append_bytes(both, right.bytes);
  EXPECT_NE(leaf_hash(both), node_hash(left, right));
  EXPECT_NE(node_hash(left, right), node_hash(right, left));
}

// After a restart the log would continue another tree than the one it had promised.
TEST(Merkle, FrontierContinuesFromItsStoredForm) {
  const std::vector<Digest> leaves = some_leaves(300);
  Frontier frontier;
  for (const Digest& leaf : leaves) {
    SCOPED_TRACE(frontier.size());
    Result<Frontier> reopened = Frontier::decode(frontier.encode());
    ASSERT_TRUE(reopened);
    ASSERT_EQ(*reopened, frontier);
    ASSERT_EQ(reopened->encode(), frontier.encode());

    frontier.append(leaf);
    reopened->append(leaf);
    ASSERT_EQ(*reopened, frontier);
    ASSERT_EQ(reopened->root(), frontier.root());
  }
}

// Logs written before a change of the code could not be opened after it.
TEST(Merkle, StoredFormOfAFrontierNeverChanges) {
  EXPECT_EQ(to_hex(Frontier().encode()), "010000000000000000");

  const std::vector<Digest> leaves = some_leaves(3);
  const std::string pair = hex_of(node_hash(leaves[0], leaves[1]));
  EXPECT_EQ(to_hex(frontier_of(leaves).encode()), "010000000000000003" + pair + hex_of(leaves[2]));
}

// A row cut by a failing disk would pass for the frontier of a smaller, different tree.
TEST(Merkle, FrontierRefusesEveryOtherLength) {
  Bytes encoded = frontier_of(some_leaves(7)).encode();
  for (std::size_t size = 0; size < encoded.size(); ++size) {
    SCOPED_TRACE(size);
    const Result<Frontier> decoded = Frontier::decode(ByteView(encoded).first(size));
    ASSERT_FALSE(decoded);
    EXPECT_EQ(decoded.error().code, ErrorCode::malformed);
  }
  encoded.push_back(0);
  EXPECT_FALSE(Frontier::decode(encoded));
  encoded.resize(encoded.size() - 1 + 32);
  EXPECT_FALSE(Frontier::decode(encoded));
}

// An older server would misread a later form instead of saying that it cannot read it.
TEST(Merkle, FrontierRefusesAnUnknownForm) {
  Bytes encoded = frontier_of(some_leaves(7)).encode();
  encoded[0] = 2;
  const Result<Frontier> decoded = Frontier::decode(encoded);
  ASSERT_FALSE(decoded);
  EXPECT_EQ(decoded.error().code, ErrorCode::unsupported);
}

// A log that grew and one reopened at the same size would be taken for different logs.
TEST(Merkle, FrontiersOfEqualTreesAreEqualWhateverTheyHeldBefore) {
  const std::vector<Digest> leaves = some_leaves(8);
  const Frontier grown = frontier_of(leaves);
  const Result<Frontier> reopened = Frontier::decode(grown.encode());
  ASSERT_TRUE(reopened);
  EXPECT_EQ(grown, *reopened);

  std::vector<Digest> altered = leaves;
  altered[5].bytes[0] ^= 1;
  EXPECT_NE(grown, frontier_of(altered));
  EXPECT_NE(grown, frontier_of(std::span(leaves).first(7)));
}

// The largest sizes would write past the end of the object.
TEST(Merkle, FrontierHoldsTheLargestTree) {
  Bytes encoded{Frontier::form, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe};
  encoded.resize(encoded.size() + std::size_t{63} * 32);
  Result<Frontier> frontier = Frontier::decode(encoded);
  ASSERT_TRUE(frontier);
  frontier->append(leaf_hash({}));
  EXPECT_EQ(frontier->size(), UINT64_MAX);
  EXPECT_EQ(frontier->encode().size(), Frontier::encoded_bytes_max);
  EXPECT_EQ(frontier->root(), Frontier::decode(frontier->encode())->root());
}

}  // namespace
}  // namespace events
