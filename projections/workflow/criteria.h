#pragma once

#include "events/criteria_events.h"
#include "events/result.h"
#include "events/verdict.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace projections {

/// Why scores are not a sheet of their variant, ready to be put into a verdict.
struct SheetFinding {
  events::Rule rule{};
  /// V10: indicators needed, scores given.  V11: place in the variant from 0, score in
  /// tenths, an events::RuleCause, the most or the step in tenths.
  std::vector<std::int64_t> parameters;

  bool operator==(const SheetFinding&) const = default;
};

/// What a set of criteria says about one score sheet (domain.md V10, V11, V13).
struct Evaluation {
  /// False for placeholders, and for sets this build cannot score: then nothing below is set.
  bool scorable = false;
  std::optional<SheetFinding> finding;  ///< When set, nothing below is.
  std::uint16_t total_tenths{};
  bool passes = false;                     ///< Every rule of the variant holds.
  std::vector<std::uint8_t> failed_rules;  ///< Ascending indexes into GroupVariant::rules.
};

/// Scores a sheet against one variant of the set that its cycle is bound to.
/// Expects: `variant` is one of `criteria.groups`.
Evaluation evaluate(const events::CriteriaPublished& criteria, const events::GroupVariant& variant,
                    std::span<const std::uint16_t> scores_tenths);

/// The least total, and the least score of each indicator, that a sheet of the variant needs, in
/// tenths; 0 where no rule asks for one.
std::uint16_t total_needed(const events::GroupVariant& variant);
std::uint16_t floor_needed(const events::GroupVariant& variant);

/// Whether the content of a set makes sense: words in NFC and inside their limits, codes unique,
/// steps that divide the greatest score, variants that name existing indicators in order, rules
/// that a sheet can meet.  A placeholder has neither indicators nor rules.
/// Errors:  malformed: the field by its path, and what is wrong with it.
events::Result<void> check_criteria(const events::CriteriaPublished& criteria);

inline constexpr std::size_t criteria_file_bytes_max = 64 * 1024;
inline constexpr std::size_t criteria_file_depth_max = 16;

/// Reads a set of criteria as people edit it: JSON with enumerations as words.
///
/// Format:  projections/workflow/criteria/*.json are the examples; every field is required,
///          and one that is unknown or there twice is refused by its name.
/// Errors:  too_large; malformed: the place of the JSON error, or the field and what is wrong.
events::Result<events::CriteriaPublished> read_criteria_file(std::string_view json);

/// The file that `read_criteria_file` reads back to the same set.
/// Expects: a set that `check_criteria` finds nothing wrong with.
std::string write_criteria_file(const events::CriteriaPublished& criteria);

}  // namespace projections
