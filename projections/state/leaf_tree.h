#pragma once

#include "projections/state/shared_node.h"

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace projections {

/// A leaf of a LeafTree, whatever its items are.
class LeafNode : public SharedNode {
 public:
  LeafNode() = default;
  LeafNode(const LeafNode& other) = default;
  LeafNode& operator=(const LeafNode&) = delete;
  virtual ~LeafNode() = default;

  /// A leaf with the same items, held by nobody yet.
  virtual std::unique_ptr<LeafNode> copy() const = 0;
};

/// The leaves of a SharedVector, shared with its copies: one trunk, branches of 128 leaves.  It
/// knows nothing of the items, so that a program has it once and not once for each kind of row.
///
/// Thread: one at a time for each copy of a tree.
class LeafTree {
 public:
  /// Expects: a leaf was placed there.
  const LeafNode& leaf(std::size_t number) const {
    return *trunk_->branches[number / branch_leaves]->leaves[number % branch_leaves];
  }
  /// The place of a leaf, for writing.
  /// Expects: leaves are placed in order, from 0.
  Shared<LeafNode>& place(std::size_t number);
  /// The leaf for writing: a copy of it while others hold it.  Expects: as leaf().
  LeafNode& own_leaf(std::size_t number);

 private:
  static constexpr std::size_t branch_leaves = 128;

  struct Branch : SharedNode {
    std::array<Shared<LeafNode>, branch_leaves> leaves;
  };
  struct Trunk : SharedNode {
    std::vector<Shared<Branch>> branches;
  };

  Shared<Trunk> trunk_;
};

}  // namespace projections
