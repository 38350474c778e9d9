#pragma once

#include "events/base/rule_cause.h"
#include "events/base/verdict.h"

#include <span>
#include <string_view>

namespace projections {

/// What is said about one cause of a rule.
struct CauseText {
  events::RuleCause cause{};
  events::Rule rule{};
  std::string_view word;     ///< The name of the enumerator, for programs.
  std::string_view message;  ///< A pattern of text_pattern.h.
  std::string_view remedy;
};

/// Every cause there is.
std::span<const CauseText> all_cause_texts();

/// The text of the cause that the verdict's parameters name; null where they name none.
const CauseText* cause_text_of(const events::Verdict& verdict);

}  // namespace projections
