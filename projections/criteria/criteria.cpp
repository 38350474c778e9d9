#include "projections/criteria/criteria.h"

#include "events/base/ranges.h"
#include "projections/criteria/rule_causes.h"

#include <algorithm>
#include <limits>

namespace projections {
namespace {

using events::CriteriaRule;
using events::CriteriaRuleKind;
using events::CriteriaStatus;
using events::Indicator;
using events::Rule;
using events::RuleCause;

/// Whether this build can score the variant: it names indicators that exist, whose total fits, and
/// at least one rule, each of a known kind.  Without rules every sheet would pass.
bool is_scorable(const events::CriteriaPublished& criteria, const events::GroupVariant& variant) {
  if (criteria.status == CriteriaStatus::placeholder) return false;
  if (variant.indicators.empty() || variant.rules.empty()) return false;
  std::uint32_t greatest_total = 0;
  for (const std::uint8_t index : variant.indicators) {
    if (index >= criteria.indicators.size()) return false;
    if (criteria.indicators[index].step_tenths == 0) return false;
    greatest_total += criteria.indicators[index].max_tenths;
  }
  if (greatest_total > std::numeric_limits<std::uint16_t>::max()) return false;
  return events::ranges::all_of(variant.rules,
                                [](const CriteriaRule& rule) { return is_known(rule.kind); });
}

bool holds(const CriteriaRule& rule, std::span<const std::uint16_t> scores, std::uint16_t total) {
  if (rule.kind == CriteriaRuleKind::total_at_least) return total >= rule.tenths;
  return events::ranges::all_of(scores, [&](std::uint16_t score) { return score >= rule.tenths; });
}

std::optional<SheetFinding> check_sheet(const events::CriteriaPublished& criteria,
                                        const events::GroupVariant& variant,
                                        std::span<const std::uint16_t> scores) {
  const std::size_t needed = variant.indicators.size();
  if (scores.size() != needed) {
    return SheetFinding{
        Rule::v10_indicators,
        {static_cast<std::int64_t>(needed), static_cast<std::int64_t>(scores.size())}};
  }
  for (std::size_t place = 0; place < needed; ++place) {
    const Indicator& indicator = criteria.indicators[variant.indicators[place]];
    const auto outside = [&](RuleCause cause, std::uint16_t bound) {
      return SheetFinding{Rule::v11_score_range,
                          {static_cast<std::int64_t>(place), std::int64_t{scores[place]},
                           parameter(cause), std::int64_t{bound}}};
    };
    if (scores[place] > indicator.max_tenths) {
      return outside(RuleCause::score_above_max, indicator.max_tenths);
    }
    if (scores[place] % indicator.step_tenths != 0) {
      return outside(RuleCause::score_off_step, indicator.step_tenths);
    }
  }
  return std::nullopt;
}

std::uint16_t greatest_bound(const events::GroupVariant& variant, CriteriaRuleKind kind) {
  std::uint16_t bound = 0;
  for (const CriteriaRule& rule : variant.rules) {
    if (rule.kind == kind) bound = std::max(bound, rule.tenths);
  }
  return bound;
}

}  // namespace

std::uint16_t total_needed(const events::GroupVariant& variant) {
  return greatest_bound(variant, CriteriaRuleKind::total_at_least);
}

std::uint16_t floor_needed(const events::GroupVariant& variant) {
  return greatest_bound(variant, CriteriaRuleKind::each_indicator_at_least);
}

Evaluation evaluate(const events::CriteriaPublished& criteria, const events::GroupVariant& variant,
                    std::span<const std::uint16_t> scores_tenths) {
  Evaluation evaluation;
  if (!is_scorable(criteria, variant)) return evaluation;
  evaluation.scorable = true;
  evaluation.finding = check_sheet(criteria, variant, scores_tenths);
  if (evaluation.finding) return evaluation;

  for (const std::uint16_t score : scores_tenths) {
    evaluation.total_tenths = static_cast<std::uint16_t>(evaluation.total_tenths + score);
  }
  for (std::size_t index = 0; index < variant.rules.size(); ++index) {
    if (holds(variant.rules[index], scores_tenths, evaluation.total_tenths)) continue;
    evaluation.failed_rules.push_back(static_cast<std::uint8_t>(index));
  }
  evaluation.passes = evaluation.failed_rules.empty();
  return evaluation;
}

}  // namespace projections
