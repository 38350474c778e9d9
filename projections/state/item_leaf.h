#pragma once

#include "events/archive/compact.h"
#include "events/base/bytes.h"
#include "events/base/check.h"
#include "projections/state/leaf_tree.h"

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <utility>

namespace projections {

/// A smaller form of some bytes, for unpacked_bytes() of the same build.
events::Bytes packed_bytes(events::ByteView raw);
/// Expects: what packed_bytes() made.
events::Bytes unpacked_bytes(events::ByteView packed);

/// `count` items as bytes, for unpack_items().
template <class T>
events::Bytes pack_items(const T* items, std::size_t count) {
  events::Bytes raw;
  if constexpr (std::is_integral_v<T>) {
    const auto* const begin = reinterpret_cast<const std::uint8_t*>(items);
    raw.assign(begin, begin + count * sizeof(T));
  } else {
    events::CompactOutput archive(raw);
    for (std::size_t index = 0; index < count; ++index) archive(items[index]);
  }
  return packed_bytes(raw);
}

/// Expects: `packed` was made by pack_items() of this build from `count` items.
template <class T>
void unpack_items(events::ByteView packed, T* items, std::size_t count) {
  const events::Bytes raw = unpacked_bytes(packed);
  if constexpr (std::is_integral_v<T>) {
    CHECK(raw.size() == count * sizeof(T), "what was packed is unpacked whole");
    std::copy(raw.begin(), raw.end(), reinterpret_cast<std::uint8_t*>(items));
  } else {
    events::CompactInput archive(raw);
    for (std::size_t index = 0; index < count; ++index) archive(items[index]);
  }
}

/// Whether leaves sleep at all.  A page never lets one sleep, and does not carry what wakes it.
#ifdef __EMSCRIPTEN__
inline constexpr bool leaves_may_sleep = false;
#else
inline constexpr bool leaves_may_sleep = true;
#endif

/// Some neighbouring items of a SharedVector: as they are, or asleep, as a fraction of the bytes
/// until somebody looks at one of them.
///
/// State: `items_`, or `asleep_`, or both when sleeping items were looked at and not written.
/// Thread: any may read, and so wake it; it is written by who holds it alone.
template <class T>
class ItemLeaf : public LeafNode {
 public:
  ItemLeaf() = default;
  ItemLeaf(const ItemLeaf& other) : LeafNode(other), edit_(other.edit_) {
    make_room(other.room_ == 0 ? other.count_ : other.room_);
    count_ = other.count_;
    const T* const there = other.items_.load(std::memory_order_acquire);
    if (!leaves_may_sleep || there != nullptr) {
      std::copy(there, there + count_, items());
    } else if constexpr (leaves_may_sleep) {
      unpack_items(other.asleep_, items(), count_);
    }
  }
  ItemLeaf& operator=(const ItemLeaf&) = delete;
  ~ItemLeaf() override { delete[] items_.load(std::memory_order_relaxed); }

  std::unique_ptr<LeafNode> copy() const override { return std::make_unique<ItemLeaf>(*this); }

  std::size_t size() const { return count_; }
  /// When it was written last, in edits of its vector.
  std::uint64_t edit() const { return edit_; }

  const T& at(std::size_t index) const {
    const T* const there = items_.load(std::memory_order_acquire);
    if constexpr (leaves_may_sleep) return (there != nullptr ? there : wake())[index];
    return there[index];
  }
  /// Calls `visit` with each item and wakes none.
  template <class Visit>
  void for_each(Visit visit) const {
    const T* there = items_.load(std::memory_order_acquire);
    std::unique_ptr<T[]> unpacked;
    if constexpr (leaves_may_sleep) {
      if (there == nullptr) {
        unpacked.reset(new T[count_]);
        unpack_items(asleep_, unpacked.get(), count_);
        there = unpacked.get();
      }
    }
    for (std::size_t index = 0; index < count_; ++index) visit(there[index]);
  }

  /// Expects: for this and all that follow: the caller holds the leaf alone.
  T& edit(std::size_t index, std::uint64_t edit) {
    prepare(edit);
    return items()[index];
  }
  /// Where there is no place left, it makes place for `room` items in all.
  T& push_back(T item, std::size_t room, std::uint64_t edit) {
    prepare(edit);
    if (count_ == room_) make_room(std::max(room, count_ + 1));
    T& place = items()[count_++];
    place = std::move(item);
    return place;
  }

  /// Its items as bytes.
  events::Bytes packed() const { return asleep_.empty() ? pack_items(items(), count_) : asleep_; }
  /// A leaf of `count` items that packed() made into bytes; it sleeps where leaves may.
  static Shared<LeafNode> of_packed(events::Bytes packed, std::size_t count, std::uint64_t edit) {
    auto made = std::make_unique<ItemLeaf>();
    if constexpr (leaves_may_sleep) {
      packed.shrink_to_fit();
      made->asleep_ = std::move(packed);
    } else {
      made->make_room(count);
      unpack_items(packed, made->items(), count);
    }
    made->count_ = count;
    made->edit_ = edit;
    made->was_used_ = false;
    return Shared<LeafNode>(std::move(made));
  }
  bool is_asleep() const { return items_.load(std::memory_order_acquire) == nullptr; }
  /// Whether it was written or woken since this was asked last.
  bool was_used() const { return was_used_.exchange(false, std::memory_order_relaxed); }

 private:
  T* items() const { return items_.load(std::memory_order_relaxed); }

  void prepare(std::uint64_t edit) {
    if constexpr (leaves_may_sleep) {
      if (!asleep_.empty()) {
        if (items() == nullptr) wake();
        asleep_ = {};
        room_ = count_;
      }
    }
    edit_ = edit;
    if (!was_used_.load(std::memory_order_relaxed)) {
      was_used_.store(true, std::memory_order_relaxed);
    }
  }

  void make_room(std::size_t room) {
    std::unique_ptr<T[]> roomy(new T[room]);
    T* const old = items();
    if (old != nullptr) std::move(old, old + count_, roomy.get());
    items_.store(roomy.release(), std::memory_order_release);
    room_ = room;
    delete[] old;
  }

  const T* wake() const {
    std::unique_ptr<T[]> woken(new T[count_]);
    unpack_items(asleep_, woken.get(), count_);
    was_used_.store(true, std::memory_order_relaxed);
    T* first = nullptr;
    if (items_.compare_exchange_strong(first, woken.get(), std::memory_order_acq_rel)) {
      return woken.release();
    }
    return first;  // Another thread was faster.
  }

  mutable std::atomic<T*> items_{nullptr};
  std::uint64_t edit_ = 0;
  std::size_t count_ = 0;
  std::size_t room_ = 0;  ///< Of `items_`; 0 while woken ones are not written.
  events::Bytes asleep_;
  mutable std::atomic<bool> was_used_{true};
};

}  // namespace projections
