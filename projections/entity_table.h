#pragma once

#include "events/archive/compact.h"
#include "events/check.h"

#include <cstddef>
#include <cstdint>
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
/// State: `rows_` in order of insertion; `slots_` an open-addressing index of row numbers, at most
/// two thirds full.
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
      if (rows_[index].key() == key) return &rows_[index];
    }
  }
  Row* find(std::uint64_t key) {
    return const_cast<Row*>(static_cast<const EntityTable*>(this)->find(key));
  }

  /// Adds `row` under `row.key()`; the row that is there already stays and is returned.
  Row& insert(Row row) {
    if (Row* const there = find(row.key())) return *there;
    CHECK(rows_.size() < vacant - 1, "a log's projection holds fewer than 2^32 rows of a kind");
    if ((rows_.size() + 1) * 3 > slots_.size() * 2) grow();
    enter(row.key(), static_cast<std::uint32_t>(rows_.size()));
    return rows_.emplace_back(std::move(row));
  }

  std::size_t size() const { return rows_.size(); }
  auto begin() const { return rows_.begin(); }
  auto end() const { return rows_.end(); }

  /// Keeps the rows for which `keep` is true, in order.
  template <class Predicate>
  void filter(Predicate keep) {
    std::vector<Row> kept;
    for (Row& row : rows_) {
      if (keep(static_cast<const Row&>(row))) kept.push_back(std::move(row));
    }
    rows_ = std::move(kept);
    reindex();
  }

  /// Format:  count, then the rows in order of insertion.
  template <class Archive>
  void save(Archive& archive) const {
    archive(std::uint64_t{rows_.size()});
    for (const Row& row : rows_) archive(row);
  }
  template <class Archive>
  void load(Archive& archive) {
    const std::size_t count = archive.read_length(std::numeric_limits<std::uint32_t>::max());
    rows_.clear();
    rows_.resize(count);
    for (Row& row : rows_) archive(row);
    reindex();
  }

 private:
  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();

  std::size_t mask() const { return slots_.size() - 1; }

  void enter(std::uint64_t key, std::uint32_t index) {
    std::size_t slot = spread(key) & mask();
    while (slots_[slot] != vacant) slot = (slot + 1) & mask();
    slots_[slot] = index;
  }

  void grow() {
    slots_.assign(slots_.empty() ? 16 : slots_.size() * 2, vacant);
    for (std::uint32_t index = 0; index < rows_.size(); ++index) enter(rows_[index].key(), index);
  }

  void reindex() {
    std::size_t size = 16;
    while (rows_.size() * 3 > size * 2) size *= 2;
    slots_.assign(size, vacant);
    for (std::uint32_t index = 0; index < rows_.size(); ++index) enter(rows_[index].key(), index);
  }

  std::vector<Row> rows_;
  std::vector<std::uint32_t> slots_;
};

}  // namespace projections
