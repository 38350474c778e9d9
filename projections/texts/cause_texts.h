#pragma once

#include "events/base/rule_cause.h"
#include "events/base/verdict.h"
#include "projections/texts/language.h"

#include <span>

namespace projections {

/// What is said about one cause of a rule.
struct CauseText {
  events::RuleCause cause{};
  events::Rule rule{};
  Text message;  ///< A pattern of text_pattern.h.
  Text remedy;
  Text field{};  ///< What "{field}" of the message is.
};

/// Every cause there is.
std::span<const CauseText> all_cause_texts();

/// The text of the cause that the verdict's parameters name; null where they name none.
const CauseText* cause_text_of(const events::Verdict& verdict);

}  // namespace projections
