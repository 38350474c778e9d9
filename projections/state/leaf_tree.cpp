#include "projections/state/leaf_tree.h"

namespace projections {

Shared<LeafNode>& LeafTree::place(std::size_t number) {
  std::vector<Shared<Branch>>& branches = trunk_.own().branches;
  if (number / branch_leaves == branches.size()) branches.emplace_back();
  return branches[number / branch_leaves].own().leaves[number % branch_leaves];
}

LeafNode& LeafTree::own_leaf(std::size_t number) {
  Shared<LeafNode>& there = place(number);
  if (!there.is_alone()) there = Shared<LeafNode>(there->copy());
  return there.alone();
}

}  // namespace projections
