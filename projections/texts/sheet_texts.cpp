#include "projections/texts/sheet_texts.h"

#include "projections/criteria/criteria.h"
#include "projections/texts/texts.h"

namespace projections {
namespace {

std::string below(std::string_view name, std::uint16_t tenths, std::uint16_t needed) {
  std::string text(name);
  if (!text.empty()) text += " ";
  return text + points_vi(tenths) + " < " + points_vi(needed);
}

void add(std::string& list, const std::string& item) {
  if (!list.empty()) list += ", ";
  list += item;
}

}  // namespace

std::string shortfall(const events::CriteriaPublished& criteria,
                      const events::GroupVariant& variant,
                      std::span<const std::uint16_t> scores_tenths) {
  const Evaluation evaluation = evaluate(criteria, variant, scores_tenths);
  if (!evaluation.scorable || evaluation.finding || evaluation.passes) return {};
  std::string text;
  const std::uint16_t total = total_needed(variant);
  if (evaluation.total_tenths < total) add(text, below({}, evaluation.total_tenths, total));
  const std::uint16_t floor = floor_needed(variant);
  for (std::size_t place = 0; place < scores_tenths.size(); ++place) {
    if (scores_tenths[place] >= floor) continue;
    const std::string& code = criteria.indicators[variant.indicators[place]].code;
    add(text, below(code, scores_tenths[place], floor));
  }
  return text;
}

std::string sheet_vi(const events::CriteriaPublished& criteria, const events::GroupVariant& variant,
                     std::span<const std::uint16_t> scores_tenths) {
  std::string text;
  std::int64_t total = 0;
  for (std::size_t place = 0; place < scores_tenths.size(); ++place) {
    if (place != 0) text += " · ";
    if (place < variant.indicators.size()) {
      text += criteria.indicators[variant.indicators[place]].code + " ";
    }
    text += points_vi(scores_tenths[place]);
    total += scores_tenths[place];
  }
  const std::string missed = shortfall(criteria, variant, scores_tenths);
  return text + "; tổng " + points_vi(total) + ", cần " + points_vi(total_needed(variant)) + ": " +
         (missed.empty() ? "đủ" : "không đủ (" + missed + ")");
}

BoundCriteria criteria_of(const Dossier& dossier, const Rulebook& rulebook) {
  const Cycle* const cycle = rulebook.find(dossier.cycle);
  const Criteria* const criteria =
      cycle == nullptr ? nullptr : rulebook.find(cycle->content.criteria);
  if (criteria == nullptr) return {};
  return {criteria, criteria->variant_of(dossier.group)};
}

std::string missed_vi(const Dossier& dossier, const Rulebook& rulebook,
                      std::span<const std::uint16_t> scores_tenths) {
  const BoundCriteria bound = criteria_of(dossier, rulebook);
  if (bound.variant == nullptr) return {};
  std::string missed = shortfall(bound.criteria->content, *bound.variant, scores_tenths);
  if (!missed.empty()) return missed;
  const std::uint16_t needed = total_needed(*bound.variant);
  if (dossier.below_total) add(missed, below({}, dossier.total_tenths, needed));
  if (dossier.below_floor) {
    add(missed, "có chỉ số dưới " + points_vi(floor_needed(*bound.variant)));
  }
  return missed;
}

std::string sheet_result_vi(const Dossier& dossier, const Rulebook& rulebook,
                            std::span<const std::uint16_t> scores_tenths) {
  if (dossier.assessor.is_none()) return {};
  const BoundCriteria bound = criteria_of(dossier, rulebook);
  if (bound.variant == nullptr) return {};
  if (!dossier.sheet_passes) {
    return "không đủ (" + missed_vi(dossier, rulebook, scores_tenths) + ")";
  }
  const std::uint16_t needed = total_needed(*bound.variant);
  return "đủ (" + points_vi(dossier.total_tenths) + " ≥ " + points_vi(needed) + ")";
}

}  // namespace projections
