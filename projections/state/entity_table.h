#pragma once

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "projections/state/key_index.h"
#include "projections/state/shared_vector.h"

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <tuple>
#include <utility>

namespace projections {

/// Rows of one kind, found by a 64-bit key, iterated in order of insertion.  Rows are never
/// removed, so equal prefixes of a log give equal tables, and equal bytes.
///
/// A copy costs next to nothing: it shares all rows, and a row that one of the copies writes is
/// copied with its neighbours first.  A copy may be read on another thread.
///
/// State: rows in order of insertion, in leaves; an index of row numbers.
/// Cost:  15 to 20 bytes a row beside the row itself.
template <class Row, std::size_t leaf_rows = 32>
class EntityTable {
 public:
  /// The row of `key`, or null.  Valid until the next row is inserted or edited.
  const Row* find(std::uint64_t key) const {
    const std::uint32_t found = number_of(key);
    return found == KeyIndex::vacant ? nullptr : &rows_[found];
  }
  /// The same for writing.
  Row* edit(std::uint64_t key) {
    const std::uint32_t found = number_of(key);
    return found == KeyIndex::vacant ? nullptr : &rows_.edit(found);
  }

  /// Adds `row` under `row.key()`; the row that is there already stays and is returned.
  Row& insert(Row row) {
    if (Row* const there = edit(row.key())) return *there;
    index_.add(row.key());
    return rows_.push_back(std::move(row));
  }

  std::size_t size() const { return rows_.size(); }
  /// The row that was inserted as number `index`, from 0.  Expects: index < size().
  const Row& row(std::size_t index) const { return rows_[index]; }

  /// Calls `visit` with each row, in order of insertion.  Rows that sleep go on sleeping, so that a
  /// look at a whole province takes no memory.
  /// Lifetime: of a row: the call.
  template <class Visit>
  void for_each(Visit visit) const {
    rows_.for_each(visit);
  }

  /// Walks over the rows in order of insertion.  Rows that sleep wake, and stay valid.
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
  Iterator end() const { return {this, size()}; }

  /// Keeps the rows for which `keep` is true, in order.
  template <class Predicate>
  void filter(Predicate keep) {
    EntityTable kept;
    for_each([&](const Row& row) {
      if (!keep(row)) return;
      kept.index_.add(row.key());
      kept.rows_.push_back(row);
    });
    *this = std::move(kept);
  }

  /// Format:  count, then the rows in order of insertion.
  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{size()});
    for_each([&](const Row& row) { archive(row); });
  }
  template <class Archive>
  void load(Archive& archive) {
    const std::size_t count = archive.read_length(std::numeric_limits<std::uint32_t>::max());
    *this = EntityTable{};
    for (std::size_t index = 0; index < count; ++index) {
      Row row;
      archive(row);
      index_.add(row.key());
      rows_.push_back(std::move(row));
    }
  }

  /// What a checkpoint keeps in pieces; rebuild() follows when pieces were added.
  auto vectors() { return std::tie(rows_, index_.hashes()); }
  auto vectors() const { return std::tie(rows_, index_.hashes()); }
  void rebuild() { index_.rebuild(); }

 private:
  std::uint32_t number_of(std::uint64_t key) const {
    return index_.find(key, [&](std::uint32_t row) { return rows_[row].key() == key; });
  }

  SharedVector<Row, leaf_rows> rows_;
  KeyIndex index_;
};

}  // namespace projections
