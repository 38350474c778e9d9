#include "projections/rules/rules.h"

#include <array>

namespace projections {

std::span<const Rules> known_rules() {
  static const std::vector<KindGuard> kinds = kind_guards();
  static const std::array known{
      Rules(known_policies()[0], {general_guards(), kinds, place_event, owed_since_1}),
  };
  return known;
}

}  // namespace projections
