#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <utility>

namespace projections {

/// What several copies of a table hold together: it counts its holders.
///
/// Thread: the count is safe from any thread.  Who holds a node alone may write it; a node with
///         several holders is only read.
class SharedNode {
 public:
  SharedNode() = default;
  /// A copy is a node of its own.
  SharedNode(const SharedNode& /*other*/) {}
  SharedNode& operator=(const SharedNode&) = delete;

 private:
  template <class Node>
  friend class Shared;

  mutable std::atomic<std::uint32_t> holders_{1};
};

/// Holds a node together with the copies of this, and gives the holder one of its own as soon as it
/// wants to write.
///
/// Thread: one at a time for each holder; holders of one node may be on different threads.
template <class Node>
class Shared {
 public:
  Shared() = default;
  /// Takes a new node.
  explicit Shared(std::unique_ptr<Node> node) : node_(node.release()) {}
  Shared(const Shared& other) : node_(other.node_) {
    if (node_ != nullptr) node_->holders_.fetch_add(1, std::memory_order_relaxed);
  }
  Shared(Shared&& other) noexcept : node_(std::exchange(other.node_, nullptr)) {}
  Shared& operator=(const Shared& other) {
    Shared copy(other);
    std::swap(node_, copy.node_);
    return *this;
  }
  Shared& operator=(Shared&& other) noexcept {
    std::swap(node_, other.node_);
    return *this;
  }
  ~Shared() {
    // What other holders read of the node they have read before it is destroyed.
    if (node_ != nullptr && node_->holders_.fetch_sub(1, std::memory_order_acq_rel) == 1) {
      delete node_;
    }
  }

  const Node* get() const { return node_; }
  const Node* operator->() const { return node_; }
  const Node& operator*() const { return *node_; }

  bool is_alone() const { return node_->holders_.load(std::memory_order_acquire) == 1; }
  /// The node for writing.  Expects: is_alone().
  Node& alone() { return *node_; }
  /// The node, for writing: a copy of it while others hold it, a new one when there is none.
  Node& own() {
    if (node_ == nullptr) {
      node_ = new Node();
    } else if (!is_alone()) {
      Shared copy;
      copy.node_ = new Node(std::as_const(*node_));
      std::swap(node_, copy.node_);
    }
    return *node_;
  }

 private:
  Node* node_ = nullptr;
};

}  // namespace projections
