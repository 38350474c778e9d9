#pragma once

#include "events/base/bounded.h"
#include "events/base/ids.h"

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace projections {

/// The most rows that a view gives at once; it takes a greater number for this one.
inline constexpr std::size_t view_rows_max = 1000;

/// The name of a person or a collective, which lives in its private record on the device of whoever
/// asks; empty where it is not known.
using NameOf = std::function<std::string(events::EventId)>;

/// Some rows of a view, in its order.
template <class Row, class Cursor>
struct RowPage {
  std::vector<Row> rows;       ///< At most view_rows_max.
  std::optional<Cursor> next;  ///< Behind the last row; nothing when there are no more rows.

  template <class Archive>
  void serialize(Archive& archive) {
    archive(BOUNDED_NVP(view_rows_max, rows), CEREAL_NVP(next));
  }
};

}  // namespace projections
