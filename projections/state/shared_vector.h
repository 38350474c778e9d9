#pragma once

#include "events/base/bytes.h"
#include "projections/state/item_leaf.h"
#include "projections/state/leaf_tree.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace projections {

/// Items in a row, shared with the copies of the vector until one of them is written: a copy costs
/// nothing, and a write behind it the copy of one leaf.  Copies may be read on other threads.
///
/// State: a LeafTree with leaves of `leaf_items` items.
///        Items that nobody uses for long fall asleep, see rest(), and wake when they are read.
/// Thread: one at a time for each copy.  A sleeping leaf may be woken from several copies at once.
template <class T, std::size_t leaf_items, bool may_rest = true>
class SharedVector {
 public:
  /// Whether its items may fall asleep.
  static constexpr bool rests = may_rest && leaves_may_sleep;
  using Leaf = ItemLeaf<T>;

  std::size_t size() const { return size_; }
  /// Expects: index < size().  Valid until the next edit, and as long as a copy of the vector that
  ///          has the item.
  const T& operator[](std::size_t index) const {
    return leaf(index / leaf_items).at(index % leaf_items);
  }
  /// The item and those that follow it in its leaf: never none.
  /// Expects: as operator[], and the same holds for how long they are valid.
  std::span<const T> run_from(std::size_t index) const {
    const Leaf& there = leaf(index / leaf_items);
    const std::size_t first = index % leaf_items;
    return {&there.at(first), there.size() - first};
  }
  /// The item for writing, valid until the next edit.
  T& edit(std::size_t index) {
    return own_leaf(index / leaf_items).edit(index % leaf_items, ++edits_);
  }
  T& push_back(T item) {
    const std::size_t number = size_ / leaf_items;
    // Most vectors stay small: only those that fill a leaf get the next one whole.
    const std::size_t doubled = size_ < 2 ? 4 : 2 * size_;
    const std::size_t room = doubled < leaf_items ? doubled : leaf_items;
    if (size_ % leaf_items == 0) leaves_.place(number) = Shared<LeafNode>(std::make_unique<Leaf>());
    ++size_;
    return own_leaf(number).push_back(std::move(item), room, ++edits_);
  }

  /// Calls `visit` with each item, in order, and wakes none.
  /// Lifetime: of an item: the call.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t number = 0; number < pieces(); ++number) leaf(number).for_each(visit);
  }

  /// Edits so far.  Loading counts none.
  std::uint64_t edits() const { return edits_; }

  // ---- pieces: one for each leaf, for checkpoints ----

  std::size_t pieces() const { return (size_ + leaf_items - 1) / leaf_items; }
  /// Whether a piece is another one than after the first `edits` edits.
  bool is_edited(std::size_t piece, std::uint64_t edits) const {
    return leaf(piece).edit() > edits;
  }
  events::Bytes piece(std::size_t number) const { return leaf(number).packed(); }
  /// Adds the next piece of a vector that has `size` items in all.  The items are asleep.
  /// Expects: the pieces come in order, from the first one on.
  void add_piece(events::Bytes packed, std::size_t size) {
    const std::size_t left = size - size_;
    const std::size_t count = left < leaf_items ? left : leaf_items;
    leaves_.place(size_ / leaf_items) = Leaf::of_packed(std::move(packed), count, 0);
    size_ += count;
  }

  /// Looks at `leaves` leaves, from where it stopped the last time, and lets those fall asleep that
  /// were neither written nor woken since it looked the last time.
  /// Expects: nobody has a reference to an item that it got from this copy.
  void rest(std::size_t leaves) requires leaves_may_sleep {
    const std::size_t whole = size_ / leaf_items;
    for (; leaves > 0 && whole > 0; --leaves) {
      const std::size_t number = next_rest_++ % whole;
      const Leaf& there = leaf(number);
      if (there.is_asleep() || there.was_used()) continue;
      Shared<LeafNode> asleep = Leaf::of_packed(there.packed(), leaf_items, there.edit());
      leaves_.place(number) = std::move(asleep);
    }
  }

 private:
  const Leaf& leaf(std::size_t number) const {
    return static_cast<const Leaf&>(leaves_.leaf(number));
  }
  Leaf& own_leaf(std::size_t number) { return static_cast<Leaf&>(leaves_.own_leaf(number)); }

  LeafTree leaves_;
  std::size_t size_ = 0;
  std::uint64_t edits_ = 0;
  std::size_t next_rest_ = 0;
};

}  // namespace projections
