#include "projections/state/key_index.h"

#include "events/base/check.h"

#include <vector>

namespace projections {
namespace {

constexpr std::size_t slots_min = 16;

bool is_full(std::size_t rows, std::size_t slots) { return rows * 4 > slots * 3; }

}  // namespace

void KeyIndex::add(std::uint64_t key) {
  CHECK(size() < vacant - 1, "a log's projection holds fewer than 2^32 rows of a kind");
  const std::uint32_t hash = spread(key);
  hashes_.push_back(hash);
  if (is_full(size(), slots_.size())) {
    rebuild(slots_.size() < slots_min ? slots_min : slots_.size() / 2 * 3);
  } else {
    enter(static_cast<std::uint32_t>(size() - 1), hash);
  }
}

void KeyIndex::enter(std::uint32_t row, std::uint32_t hash) {
  std::size_t slot = slot_of(hash, slots_.size());
  while (row_of(slots_[slot]) != vacant) {
    if (++slot == slots_.size()) slot = 0;
  }
  slots_.edit(slot) = entry_of(row, hash);
}

void KeyIndex::rebuild() {
  if (size() == 0) {
    slots_ = {};
    return;
  }
  std::size_t slots = slots_min;
  while (is_full(size(), slots)) slots = slots / 2 * 3;
  rebuild(slots);
}

void KeyIndex::rebuild(std::size_t slots) {
  std::vector<std::uint64_t> entered(slots, entry_of(vacant, 0));
  std::uint32_t row = 0;
  hashes_.for_each([&](std::uint32_t hash) {
    std::size_t slot = slot_of(hash, slots);
    while (row_of(entered[slot]) != vacant) slot = slot + 1 == slots ? 0 : slot + 1;
    entered[slot] = entry_of(row++, hash);
  });
  slots_ = {};
  for (const std::uint64_t entry : entered) slots_.push_back(entry);
}

}  // namespace projections
