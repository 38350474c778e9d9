#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace projections {

/// Why the interface for other systems did not answer what was asked.
enum class ProblemKind : std::uint8_t {
  malformed_request,
  invalid_parameter,
  credentials_missing,
  credentials_refused,
  not_found,
  method_not_allowed,
  position_unknown,
  position_too_far,
  history_too_long,
  target_too_long,
  too_many_requests,
  busy,
  repairing,
  clock_wrong,
  storage,
};

struct ProblemText {
  ProblemKind kind{};
  std::string_view word;      ///< The name of the enumerator, for programs.
  std::string_view title_en;  ///< The same for every problem of this kind.
  std::string_view title_vi;
};

/// One row for each kind, in the order of the enumeration.
std::span<const ProblemText> all_problem_texts();
const ProblemText& text_of(ProblemKind kind);

}  // namespace projections
