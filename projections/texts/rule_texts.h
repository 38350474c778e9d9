#pragma once

#include "events/base/verdict.h"
#include "projections/texts/language.h"

#include <span>

namespace projections {

/// What is said about one rule, of whatever cause.  What is said about one cause of a rule stands
/// in cause_texts.h.
struct RuleTexts {
  events::Rule rule{};
  Text finding;  ///< What the rule found.
  Text filled;   ///< The same, a pattern of text_pattern.h; empty where there are no parameters.
  Text remedy;   ///< What the author should do.
};

/// Every rule but Rule::none.
std::span<const RuleTexts> all_rule_texts();

/// The texts of a rule: empty ones for Rule::none, unknown_text for one that this build does not
/// know.
const RuleTexts& rule_texts(events::Rule rule);

}  // namespace projections
