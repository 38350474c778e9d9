#pragma once

#include "projections/state/shared_vector.h"

#include <cstddef>
#include <cstdint>
#include <limits>

namespace projections {

/// Where `key` starts its search, as a share of 2^32: multiplication spreads neighbouring ids.
inline std::uint32_t spread(std::uint64_t key) {
  return static_cast<std::uint32_t>((key * 0x9E3779B97F4A7C15ULL) >> 32U);
}

/// Finds rows by their 64-bit keys.  Copies share what they have in common, as those of a
/// SharedVector do.
///
/// State: `hashes_`, the spread key of each row, from which the rest is made anew;
///        `slots_`, an open-addressing table of row numbers, each with its row's hash above it, so
///        that only rows with the same one are looked at; at most three quarters full.
/// Cost:  15 to 20 bytes a row.
class KeyIndex {
 public:
  using Hashes = SharedVector<std::uint32_t, 1024, false>;

  static constexpr std::uint32_t vacant = std::numeric_limits<std::uint32_t>::max();

  std::size_t size() const { return hashes_.size(); }

  /// The row with `key`, or `vacant`.  `has_key`: whether the row of that number has it.
  template <class HasKey>
  std::uint32_t find(std::uint64_t key, HasKey has_key) const {
    if (slots_.size() == 0) return vacant;
    const std::uint32_t hash = spread(key);
    for (std::size_t slot = slot_of(hash, slots_.size());;) {
      for (const std::uint64_t entry : slots_.run_from(slot)) {
        const std::uint32_t row = row_of(entry);
        if (row == vacant || (hash_of(entry) == hash && has_key(row))) return row;
        ++slot;
      }
      if (slot == slots_.size()) slot = 0;
    }
  }

  /// Enters the next row.
  /// Expects: no row has the key.
  void add(std::uint64_t key);

  /// All but the slots, for checkpoints; rebuild() follows when pieces were added.
  Hashes& hashes() { return hashes_; }
  const Hashes& hashes() const { return hashes_; }
  void rebuild();

 private:
  static std::size_t slot_of(std::uint32_t hash, std::size_t slots) {
    return static_cast<std::size_t>((std::uint64_t{hash} * slots) >> 32U);
  }
  static std::uint32_t row_of(std::uint64_t entry) { return static_cast<std::uint32_t>(entry); }
  static std::uint32_t hash_of(std::uint64_t entry) {
    return static_cast<std::uint32_t>(entry >> 32U);
  }
  static std::uint64_t entry_of(std::uint32_t row, std::uint32_t hash) {
    return std::uint64_t{hash} << 32U | row;
  }
  void enter(std::uint32_t row, std::uint32_t hash);
  void rebuild(std::size_t slots);

  Hashes hashes_;
  SharedVector<std::uint64_t, 512, false> slots_;
};

}  // namespace projections
