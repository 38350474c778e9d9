#pragma once

#include "projections/state/dossiers.h"
#include "projections/state/rulebook.h"

#include <cstdint>
#include <span>
#include <string>

namespace projections {

// What a score sheet misses, in numbers that need no language.

/// "79,5 < 80, C2 4,5 < 5": the total and each score that is below what the rules ask for; empty
/// for a sheet that passes and for one that cannot be scored.
/// Expects: `variant` is one of `criteria.groups`.
std::string shortfall(const events::CriteriaPublished& criteria,
                      const events::GroupVariant& variant,
                      std::span<const std::uint16_t> scores_tenths);

/// "A1 8 · A2 7,5; tổng 15,5, cần 16: không đủ (15,5 < 16)": a whole sheet in one line.
/// Expects: `variant` is one of `criteria.groups`.
std::string sheet_vi(const events::CriteriaPublished& criteria, const events::GroupVariant& variant,
                     std::span<const std::uint16_t> scores_tenths);

/// The criteria and the variant that bind a dossier, as far as they are known; null otherwise.
struct BoundCriteria {
  const Criteria* criteria = nullptr;
  const events::GroupVariant* variant = nullptr;
};
BoundCriteria criteria_of(const Dossier& dossier, const Rulebook& rulebook);

/// What the dossier's current sheet misses: "79,5 < 80".  `scores_tenths`: the sheet, when it is at
/// hand; otherwise scores below the least are told without their names.
std::string missed_vi(const Dossier& dossier, const Rulebook& rulebook,
                      std::span<const std::uint16_t> scores_tenths = {});
/// "đủ (81 ≥ 80)" or "không đủ (79,5 < 80)"; empty when there is no sheet.
std::string sheet_result_vi(const Dossier& dossier, const Rulebook& rulebook,
                            std::span<const std::uint16_t> scores_tenths = {});

}  // namespace projections
