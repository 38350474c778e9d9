#pragma once

#include "events/base/verdict.h"
#include "projections/texts/language.h"

#include <optional>
#include <string>
#include <string_view>

namespace projections {

/// What one of the causes of a rule is, and what to do about that one.
struct Cause {
  std::string message;
  std::string_view remedy;
};

/// The cause that applied, for rules with more than one, as far as the parameters of the verdict
/// tell them apart; nothing where they do not.
std::optional<Cause> cause_of(const events::Verdict& verdict, Language language = Language::vi);

/// The word of the verdict's events::RuleCause, for programs; empty where it has none.
std::string_view cause_word(const events::Verdict& verdict);

}  // namespace projections
