#pragma once

#include "events/archive/compact.h"
#include "events/base/check.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <utility>
#include <vector>

namespace projections {

/// Where `key` starts its search: multiplication spreads neighbouring ids over the table.
inline std::size_t spread(std::uint64_t key) {
  return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15ULL) >> 20U);
}

/// Rows of one kind, found by a 64-bit key, iterated in order of insertion.  Rows are never
/// removed, so equal prefixes of a log give equal tables, and equal bytes.
///
/// State: rows in order of insertion, in chunks so that a growing table neither moves its rows nor
/// keeps room for twice as many; `slots_` an open-addressing index of row numbers, at most two
/// thirds full.
/// Cost:  6–12 bytes a row beside the row itself.
template <class Row>
class EntityTable {
 public:
  /// The row of `key`, or null.  Valid until the next insert.
  const Row* find(std::uint64_t key) const {
    if (slots_.empty()) return nullptr;
    for (std::size_t slot = spread(key) & mask();; slot = (slot + 1) & mask()) {
      const std::uint32_t index = slots_[slot];
      if (index == vacant) return nullptr;
      if (row(index).key() == key) return &row(index);
    }
  }
  Row* find(std::uint64_t key) {
    return const_cast<Row*>(static_cast<const EntityTable*>(this)->find(key));
  }

  /// Adds `row` under `row.key()`; the row that is there already stays and is returned.
  Row& insert(Row row) {
    if (Row* const there = find(row.key())) return *there;
    CHECK(size_ < vacant - 1, "a log's projection holds fewer than 2^32 rows of a kind");
    if ((size_ + 1) * 3 > slots_.size() * 2) grow();
    enter(row.key(), static_cast<std::uint32_t>(size_));
    return append(std::move(row));
  }

  std::size_t size() const { return size_; }
  /// The row that was inserted as number `index`, from 0.  Expects: index < size().
  const Row& row(std::size_t index) const {
    return chunks_[index / chunk_rows][index % chunk_rows];
  }

  /// Walks over the rows in order of insertion.
  class Iterator {
   public:
    using value_type = Row;
    using difference_type = std::ptrdiff_t;
    using reference = const Row&;
    using pointer = const Row*;
    using iterator_category = std::forward_iterator_tag;

    Iterator() = default;
    Iterator(const EntityTable* table, std::size_t index) : table_(table), index_(index) {}
    reference operator*() const { return table_->row(index_); }
    pointer operator->() const { return &table_->row(index_); }
    Iterator& operator++() {
      ++index_;
      return *this;
    }
    Iterator operator++(int) { return {table_, index_++}; }
    bool operator==(const Iterator&) const = default;

   private:
    const EntityTable* table_ = nullptr;
    std::size_t index_ = 0;
  };
  Iterator begin() const { return {this, 0}; }
  Iterator end() const { return {this, size_}; }

  /// Keeps the rows for which `keep` is true, in order.
  template <class Predicate>
  void filter(Predicate keep) {
    EntityTable kept;
    for (const Row& row : *this) {
      if (keep(row)) kept.append(row);
    }
    kept.reindex();
    *this = std::move(kept);
  }

  /// Format:  count, then the rows in order of insertion.
  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{size_});
    for (const Row& row : *this) archive(row);
  }
  template <class Archive>
  void load(Archive& archive) {
    const std::size_t count = archive.read_length(std::numeric_limits<std::uint32_t>::max());
    *this = EntityTable{};
    for (std::size_t index = 0; index < count; ++index) {
      Row row;
      archive(row);
      append(std::move(row));
    }
    reindex();
  }

 private:
  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();
  static constexpr std::size_t chunk_rows = 1024;

  Row& append(Row row) {
    if (size_ % chunk_rows == 0) {
      chunks_.emplace_back();
      // Most tables stay small: only those that fill a chunk get the next one whole.
      if (size_ != 0) chunks_.back().reserve(chunk_rows);
    }
    ++size_;
    return chunks_.back().emplace_back(std::move(row));
  }

  std::size_t mask() const { return slots_.size() - 1; }

  void enter(std::uint64_t key, std::uint32_t index) {
    std::size_t slot = spread(key) & mask();
    while (slots_[slot] != vacant) slot = (slot + 1) & mask();
    slots_[slot] = index;
  }

  void grow() { reindex(slots_.empty() ? 16 : slots_.size() * 2); }

  void reindex() {
    std::size_t slots = 16;
    while (size_ * 3 > slots * 2) slots *= 2;
    reindex(slots);
  }

  void reindex(std::size_t slots) {
    slots_.assign(slots, vacant);
    for (std::uint32_t index = 0; index < size_; ++index) enter(row(index).key(), index);
  }

  std::vector<std::vector<Row>> chunks_;
  std::size_t size_ = 0;
  std::vector<std::uint32_t> slots_;
};

}  // namespace projections
