#pragma once

#include "events/base/ids.h"

#include <limits>

namespace projections {

/// The versions of the rules in which a row of a table is in force, both included.  A row that
/// changes keeps its old form with `until(n)`; the new form has `since(n + 1)` (docs/rules.md).
struct Versions {
  events::RulesVersion first{1};
  events::RulesVersion last{std::numeric_limits<std::uint32_t>::max()};

  constexpr bool contain(events::RulesVersion version) const {
    return first.value <= version.value && version.value <= last.value;
  }
  constexpr bool overlap(const Versions& other) const {
    return first.value <= other.last.value && other.first.value <= last.value;
  }
};

constexpr Versions since(std::uint32_t version) { return {.first = events::RulesVersion{version}}; }
constexpr Versions until(std::uint32_t version) { return {.last = events::RulesVersion{version}}; }

}  // namespace projections
