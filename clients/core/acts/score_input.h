#pragma once

#include "events/base/result.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace clients {

/// What a sheet asks a score for.
struct SheetColumn {
  std::string code;  ///< "A1", as the criteria name it.
  std::uint16_t step_tenths{};
};

/// The scores that a person typed, in tenths, one for each column in its order.  Nothing is filled
/// in that was not said, and what could be read in two ways is refused.
///
/// Format:  values in the order of the columns with blanks or ";" between them, whole or with one
///          decimal behind a point or a comma: "8 7,5 8"; or with commas between them, and points
///          only: "8,7.5,8"; or by name in any order: "A1=8; A2=7,5; rest=0", where rest, or
///          "còn lại", stands for all that are not named.
/// Errors:  invalid_argument, in words for the person: which value, and how it is written.
events::Result<std::vector<std::uint16_t>> read_scores(std::span<const std::string> typed,
                                                       std::span<const SheetColumn> columns);

}  // namespace clients
