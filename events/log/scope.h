#pragma once

#include "events/archive/compact.h"
#include "events/base/check.h"
#include "events/base/ids.h"
#include "events/base/ranges.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace events {

/// The scope of what every reader holds: units, organisations, criteria, cycles, roles, devices.
inline constexpr UnitId reference_scope{};

/// The units whose readers must see an event: its home commune, or `reference_scope`.  A set holds
/// at most four units, ascending, each once.  The judge names one unit today; a move between two
/// communes would name both.
class ScopeSet {
 public:
  static constexpr std::size_t size_max = 4;

  ScopeSet() = default;
  explicit ScopeSet(UnitId only) : units_{only}, size_(1) {}

  /// Expects: the set has room for `unit`, or holds it already.
  void insert(UnitId unit) {
    UnitId* const end = units_.data() + size_;
    UnitId* const place = std::lower_bound(units_.data(), end, unit);
    if (place != end && *place == unit) return;
    CHECK(size_ < size_max, "an event concerns at most four communes");
    std::move_backward(place, end, end + 1);
    *place = unit;
    ++size_;
  }

  bool contains(UnitId unit) const {
    return std::binary_search(units_.begin(), units_.begin() + size_, unit);
  }
  bool empty() const { return size_ == 0; }
  std::span<const UnitId> units() const { return {units_.data(), size_}; }
  bool operator==(const ScopeSet& other) const { return ranges::equal(units(), other.units()); }

  /// Format:  count (1 byte), then the unit ids ascending.
  friend void save(CompactOutput& archive, const ScopeSet& scope) {
    archive.write_byte(static_cast<std::uint8_t>(scope.size_));
    for (const UnitId unit : scope.units()) archive(unit);
  }
  friend void load(CompactInput& archive, ScopeSet& scope) {
    const std::size_t size = archive.read_byte();
    archive.expect(size <= size_max, "scope of more than four units");
    scope = {};
    for (std::size_t index = 0; index < size; ++index) {
      UnitId unit;
      archive(unit);
      archive.expect(index == 0 || scope.units_[index - 1] < unit, "scope units not ascending");
      scope.units_[index] = unit;
      scope.size_ = index + 1;
    }
  }

 private:
  std::array<UnitId, size_max> units_{};
  std::size_t size_ = 0;
};

}  // namespace events
