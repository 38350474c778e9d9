#include "projections/texts/catalogue.h"

#include "events/base/ranges.h"

namespace projections {

const TextRow* find_row(std::span<const TextRow> rows, std::uint64_t number) {
  const auto found = events::ranges::find_if(
      rows, [&](const TextRow& row) { return std::uint64_t{row.number} == number; });
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace projections
