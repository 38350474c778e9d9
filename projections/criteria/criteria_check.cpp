#include "events/base/ranges.h"
#include "events/text/normalize.h"
#include "projections/criteria/criteria.h"

#include <algorithm>
#include <cstdint>
#include <span>

namespace projections {
namespace {

using events::CriteriaRuleKind;
using events::CriteriaStatus;
using events::Error;
using events::ErrorCode;
using events::Result;

constexpr std::size_t code_bytes_max = 32;
constexpr std::size_t short_code_bytes_max = 8;
constexpr std::size_t text_bytes_max = 200;
constexpr std::size_t indicators_max = 32;
constexpr std::size_t groups_max = 16;
constexpr std::size_t rules_max = 8;
/// 100 points; 32 such indicators keep any total inside 16 bits.
constexpr std::uint16_t score_tenths_max = 1000;

Error wrong(const std::string& path, const std::string& what) {
  return {ErrorCode::malformed, path + ": " + what};
}

std::string place(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

Result<void> check_text(const std::string& path, const std::string& text) {
  if (text.empty()) return wrong(path, "is empty");
  if (text.size() > text_bytes_max) {
    return wrong(path, "is longer than " + std::to_string(text_bytes_max) + " bytes");
  }
  if (!events::is_nfc(text)) return wrong(path, "is not UTF-8 in NFC");
  return {};
}

Result<void> check_code(const std::string& path, const std::string& code, std::size_t bytes_max) {
  const bool is_plain = events::ranges::all_of(code, [](char letter) {
    return (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') || letter == '-';
  });
  if (code.empty() || code.size() > bytes_max || !is_plain) {
    return wrong(path, "must be 1 to " + std::to_string(bytes_max) + " of A-Z, 0-9 and -");
  }
  return {};
}

Result<void> check_head(const events::CriteriaPublished& criteria) {
  if (auto code = check_code("code", criteria.code, code_bytes_max); !code) return code;
  if (criteria.version == 0) return wrong("version", "counts from 1");
  if (!is_known(criteria.title)) return wrong("title", "is not a known title");
  if (!is_known(criteria.status)) return wrong("status", "is not a known status");
  return check_text("basis", criteria.basis);
}

Result<void> check_indicators(const events::CriteriaPublished& criteria) {
  const std::size_t count = criteria.indicators.size();
  if (criteria.status == CriteriaStatus::placeholder) {
    if (count == 0) return {};
    return wrong("indicators", "a placeholder has none");
  }
  if (count == 0 || count > indicators_max) {
    return wrong("indicators", "must be 1 to " + std::to_string(indicators_max));
  }
  for (std::size_t index = 0; index < count; ++index) {
    const events::Indicator& indicator = criteria.indicators[index];
    const std::string path = place("indicators", index);
    if (auto code = check_code(path + ".code", indicator.code, short_code_bytes_max); !code) {
      return code;
    }
    const std::span earlier(criteria.indicators.data(), index);
    if (events::ranges::find(earlier, indicator.code, &events::Indicator::code) != earlier.end()) {
      return wrong(path + ".code", "\"" + indicator.code + "\" stands there twice");
    }
    auto competency = check_code(path + ".competency", indicator.competency, short_code_bytes_max);
    if (!competency) return competency;
    if (auto label = check_text(path + ".label_vi", indicator.label_vi); !label) return label;
    if (indicator.max_tenths == 0 || indicator.max_tenths > score_tenths_max) {
      return wrong(path + ".max_tenths", "must be 1 to " + std::to_string(score_tenths_max));
    }
    if (indicator.step_tenths == 0 || indicator.max_tenths % indicator.step_tenths != 0) {
      return wrong(path + ".step_tenths", "must divide max_tenths");
    }
  }
  return {};
}

Result<void> check_rules(const events::CriteriaPublished& criteria,
                         const events::GroupVariant& variant, const std::string& path) {
  if (variant.rules.empty() || variant.rules.size() > rules_max) {
    return wrong(path, "must be 1 to " + std::to_string(rules_max));
  }
  std::uint32_t greatest_total = 0;
  std::uint16_t least_max = score_tenths_max;
  for (const std::uint8_t index : variant.indicators) {
    greatest_total += criteria.indicators[index].max_tenths;
    least_max = std::min(least_max, criteria.indicators[index].max_tenths);
  }
  for (std::size_t index = 0; index < variant.rules.size(); ++index) {
    const events::CriteriaRule& rule = variant.rules[index];
    std::uint32_t reachable = 0;
    if (rule.kind == CriteriaRuleKind::total_at_least) {
      reachable = greatest_total;
    } else if (rule.kind == CriteriaRuleKind::each_indicator_at_least) {
      reachable = least_max;
    } else {
      return wrong(place(path, index) + ".kind", "is not a known kind of rule");
    }
    if (rule.tenths == 0 || rule.tenths > reachable) {
      return wrong(place(path, index) + ".tenths",
                   "must be 1 to " + std::to_string(reachable) + ", what a sheet can reach");
    }
  }
  return {};
}

Result<void> check_variant(const events::CriteriaPublished& criteria, std::size_t index) {
  const events::GroupVariant& variant = criteria.groups[index];
  const std::string path = place("groups", index);
  if (!is_known(variant.group)) return wrong(path + ".group", "is not a known group");
  const bool for_citizens = criteria.title == events::TitleKind::learning_citizen;
  if ((variant.group == events::GroupCode::none) == for_citizens) {
    return wrong(path + ".group", "citizens have groups, collectives have the group NONE");
  }
  const std::span earlier(criteria.groups.data(), index);
  if (events::ranges::find(earlier, variant.group, &events::GroupVariant::group) != earlier.end()) {
    return wrong(path + ".group", "stands there twice");
  }
  if (auto label = check_text(path + ".label_vi", variant.label_vi); !label) return label;

  if (criteria.status == CriteriaStatus::placeholder) {
    if (!variant.indicators.empty()) return wrong(path + ".indicators", "a placeholder has none");
    if (!variant.rules.empty()) return wrong(path + ".rules", "a placeholder has none");
    return {};
  }
  if (variant.indicators.empty()) return wrong(path + ".indicators", "must name at least one");
  for (std::size_t entry = 0; entry < variant.indicators.size(); ++entry) {
    if (variant.indicators[entry] >= criteria.indicators.size()) {
      return wrong(place(path + ".indicators", entry), "the set has no such indicator");
    }
    if (entry > 0 && variant.indicators[entry - 1] >= variant.indicators[entry]) {
      return wrong(place(path + ".indicators", entry), "is not in the order of the set, or twice");
    }
  }
  return check_rules(criteria, variant, path + ".rules");
}

}  // namespace

Result<void> check_criteria(const events::CriteriaPublished& criteria) {
  if (auto head = check_head(criteria); !head) return head;
  if (auto indicators = check_indicators(criteria); !indicators) return indicators;
  if (criteria.groups.empty() || criteria.groups.size() > groups_max) {
    return wrong("groups", "must be 1 to " + std::to_string(groups_max));
  }
  for (std::size_t index = 0; index < criteria.groups.size(); ++index) {
    if (auto variant = check_variant(criteria, index); !variant) return variant;
  }
  return {};
}

}  // namespace projections
