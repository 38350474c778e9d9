#pragma once

#include "events/archive/json_tree.h"
#include "events/base/result.h"
#include "events/base/verdict.h"
#include "events/kinds/criteria_events.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace projections {

/// Why a list of scores is not a valid sheet of its variant, in the form of a verdict.
struct SheetFinding {
  events::Rule rule{};
  /// V10: number of indicators needed, number of scores given.  V11: place in the variant from 0,
  /// score in tenths, an events::RuleCause, then the greatest score or the step in tenths.
  std::vector<std::int64_t> parameters;

  bool operator==(const SheetFinding&) const = default;
};

/// What a set of criteria says about one score sheet (domain.md V10, V11, V13).
struct Evaluation {
  /// False for placeholders and sets that this build cannot score; then no member below is set.
  bool scorable = false;
  std::optional<SheetFinding> finding;  ///< When it is set, no member below is set.
  std::uint16_t total_tenths{};
  bool passes = false;                     ///< Every rule of the variant holds.
  std::vector<std::uint8_t> failed_rules;  ///< Ascending indexes into GroupVariant::rules.
};

/// Evaluates a sheet against one variant of the criteria set to which the cycle is bound.
/// Expects: `variant` is one of `criteria.groups`.
Evaluation evaluate(const events::CriteriaPublished& criteria, const events::GroupVariant& variant,
                    std::span<const std::uint16_t> scores_tenths);

/// What a sheet of the variant needs at least, in tenths: `total_needed` is the total,
/// `floor_needed` the score of each indicator.  0 where no rule asks for it.
std::uint16_t total_needed(const events::GroupVariant& variant);
std::uint16_t floor_needed(const events::GroupVariant& variant);

/// Checks that the content of a set makes sense.  Texts are in NFC and within their limits.  Codes
/// are unique.  Steps divide the greatest score.  Variants name existing indicators in order.
/// A sheet can meet every rule.  A placeholder has neither indicators nor rules.
/// Errors:  malformed: the message names the field by its path and says what is wrong with it.
events::Result<void> check_criteria(const events::CriteriaPublished& criteria);

inline constexpr std::size_t criteria_file_bytes_max = 64 * 1024;
/// What platform::read_json() takes for a criteria file.
inline constexpr events::JsonLimits criteria_file_limits{"a criteria file", criteria_file_bytes_max,
                                                         16};

/// Reads a set of criteria as people edit it: JSON with enumerations as words in capitals.  `file`
/// is what platform::read_json() made of the text.
///
/// Format:  projections/criteria/sets/*.json are the examples.  Every field is required.  A
///          field that is unknown or occurs twice is refused by its name.
/// Errors:  those of `file`; malformed: the message says the field and what is wrong with it.
events::Result<events::CriteriaPublished> read_criteria_file(
    const events::Result<events::JsonTree>& file);

/// Writes a set as a file that `read_criteria_file` reads back to the same set.
/// Expects: a set that `check_criteria` finds nothing wrong with.
std::string write_criteria_file(const events::CriteriaPublished& criteria);

}  // namespace projections
