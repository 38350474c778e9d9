#pragma once

#include "projections/state/entity_table.h"
#include "projections/state/shared_vector.h"

#include <cstddef>
#include <cstdint>
#include <tuple>

namespace projections {

/// Finds the rows of a table by a key that several rows have, for example the dossiers of a
/// subject: the latest one first.  Copies share what they have in common, as those of a table do.
class KeyChains {
 public:
  /// Enters the next row of the table.
  void add(std::uint64_t key) {
    Chain& chain = chains_.insert({key, 0});
    before_.push_back(chain.last);
    chain.last = static_cast<std::uint32_t>(before_.size());
  }

  /// Calls `take(number)` with the number of each row of `key`, the latest first, until it returns
  /// false.
  template <class Take>
  void for_each(std::uint64_t key, Take take) const {
    const Chain* const chain = chains_.find(key);
    std::uint32_t next = chain == nullptr ? 0 : chain->last;
    while (next != 0 && take(static_cast<std::size_t>(next - 1))) next = before_[next - 1];
  }

  /// What a checkpoint keeps in pieces; rebuild() follows when pieces were added.
  auto vectors() { return std::tuple_cat(chains_.vectors(), std::tie(before_)); }
  auto vectors() const { return std::tuple_cat(chains_.vectors(), std::tie(before_)); }
  void rebuild() { chains_.rebuild(); }

 private:
  struct Chain {
    std::uint64_t of{};
    std::uint32_t last = 0;  ///< 1 + number of the latest row.

    std::uint64_t key() const { return of; }
    template <class Archive>
    void serialize(Archive& archive) {
      archive(of, last);
    }
  };

  EntityTable<Chain> chains_;
  SharedVector<std::uint32_t, 1024> before_;  ///< Per row: 1 + number of the one before.
};

}  // namespace projections
