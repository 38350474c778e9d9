#pragma once

#include "projections/state/shared_node.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <utility>
#include <vector>

namespace projections {

/// Entries in the order of their keys, shared with the copies of the map until one of them is
/// written: a copy costs nothing, and the first write behind it the copy of one leaf and of the
/// list of leaves.  Copies may be read on other threads.
///
/// State: leaves of at most `leaf_max` entries, in order; none is empty.
/// Cost:  find and write: two binary searches, and moving a part of one leaf.
/// Thread: one at a time for each copy.
template <class Key, class Value, std::size_t leaf_max = 64>
class SharedMap {
 public:
  struct Entry {
    Key key;
    Value value;
  };

  std::size_t size() const { return size_; }

  bool contains(const Key& key) const { return find(key) != nullptr; }
  /// The value of `key`, or null.  Valid until the next write.
  const Value* find(const Key& key) const {
    const Entry* const entry = at_or_after(key);
    return entry == nullptr || key < entry->key ? nullptr : &entry->value;
  }
  /// The entry with the least key; null for none.  Valid until the next write, as the next two.
  const Entry* first() const {
    return size_ == 0 ? nullptr : &leaves_->all.front()->entries.front();
  }
  /// The first entry whose key is not less than `key`; null for none.
  const Entry* at_or_after(const Key& key) const {
    if (size_ == 0) return nullptr;
    const std::size_t number = leaf_of(key);
    const std::vector<Entry>& entries = leaves_->all[number]->entries;
    const auto found = std::lower_bound(entries.begin(), entries.end(), key, is_less);
    if (found != entries.end()) return &*found;
    if (number + 1 == leaves_->all.size()) return nullptr;
    return &leaves_->all[number + 1]->entries.front();
  }
  /// The last entry whose key is less than `key`; null for none.
  const Entry* last_before(const Key& key) const {
    if (size_ == 0) return nullptr;
    const std::size_t number = leaf_of(key);
    const std::vector<Entry>& entries = leaves_->all[number]->entries;
    const auto found = std::lower_bound(entries.begin(), entries.end(), key, is_less);
    // Only of the first leaf the first key may be greater, see leaf_of().
    if (found != entries.begin()) return &*std::prev(found);
    return number == 0 ? nullptr : &leaves_->all[number - 1]->entries.back();
  }

  /// Enters `key`, which keeps its value when it is there.  Returns whether it is new.
  bool insert(Key key, Value value = {}) {
    if (contains(key)) return false;
    std::vector<Shared<Leaf>>& all = leaves_.own().all;
    if (all.empty()) all.emplace_back().own();
    const std::size_t number = leaf_of(key);
    std::vector<Entry>& entries = all[number].own().entries;
    const auto place = std::lower_bound(entries.begin(), entries.end(), key, is_less);
    entries.insert(place, Entry{std::move(key), std::move(value)});
    ++size_;
    if (entries.size() > leaf_max) split(all, number);
    return true;
  }
  /// Enters `key` with `value`, or gives it that value.
  void set(Key key, Value value) {
    if (Value* const there = edit(key)) {
      *there = std::move(value);
    } else {
      insert(std::move(key), std::move(value));
    }
  }
  /// The value of `key` for writing, or null.  Valid until the next write.
  Value* edit(const Key& key) {
    if (!contains(key)) return nullptr;
    std::vector<Entry>& entries = leaves_.own().all[leaf_of(key)].own().entries;
    return &std::lower_bound(entries.begin(), entries.end(), key, is_less)->value;
  }
  /// Returns whether it was there.
  bool erase(const Key& key) {
    if (!contains(key)) return false;
    std::vector<Shared<Leaf>>& all = leaves_.own().all;
    const std::size_t number = leaf_of(key);
    std::vector<Entry>& entries = all[number].own().entries;
    entries.erase(std::lower_bound(entries.begin(), entries.end(), key, is_less));
    if (entries.empty()) all.erase(all.begin() + static_cast<std::ptrdiff_t>(number));
    --size_;
    return true;
  }

  /// The first entry whose key is greater than `key`; null for none.
  const Entry* after(const Key& key) const {
    const Entry* const entry = at_or_after(key);
    if (entry == nullptr || key < entry->key) return entry;
    const std::size_t number = leaf_of(key);
    const std::vector<Entry>& entries = leaves_->all[number]->entries;
    if (entry != &entries.back()) return entry + 1;
    return number + 1 == leaves_->all.size() ? nullptr : &leaves_->all[number + 1]->entries.front();
  }

  /// Calls `visit(key, value)` with each entry, in order.
  template <class Visit>
  void for_each(Visit visit) const {
    if (size_ == 0) return;
    for (const Shared<Leaf>& leaf : leaves_->all) {
      for (const Entry& entry : leaf->entries) visit(entry.key, entry.value);
    }
  }

 private:
  struct Leaf : SharedNode {
    std::vector<Entry> entries;
  };
  struct Leaves : SharedNode {
    std::vector<Shared<Leaf>> all;
  };

  static bool is_less(const Entry& entry, const Key& key) { return entry.key < key; }

  /// Where `key` is or belongs: the last leaf that begins at or before it, else the first one.
  std::size_t leaf_of(const Key& key) const {
    const std::vector<Shared<Leaf>>& all = leaves_->all;
    const auto behind = std::upper_bound(
        all.begin(), all.end(), key, [](const Key& sought, const Shared<Leaf>& leaf) {
          return !leaf->entries.empty() && sought < leaf->entries.front().key;
        });
    return behind == all.begin() ? 0 : static_cast<std::size_t>(behind - all.begin()) - 1;
  }
  static void split(std::vector<Shared<Leaf>>& all, std::size_t number) {
    std::vector<Entry>& full = all[number].own().entries;
    // Keys that ascend fill leaf after leaf; others find room on both sides.
    const bool is_last = number + 1 == all.size();
    const auto middle =
        is_last ? full.end() - 1 : full.begin() + static_cast<std::ptrdiff_t>(full.size() / 2);
    Shared<Leaf> upper;
    upper.own().entries.assign(std::make_move_iterator(middle),
                               std::make_move_iterator(full.end()));
    full.erase(middle, full.end());
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(number) + 1, std::move(upper));
  }

  Shared<Leaves> leaves_;
  std::size_t size_ = 0;
};

}  // namespace projections
