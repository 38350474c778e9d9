#pragma once

#include "clients/cli/output/choice.h"
#include "events/base/enum_table.h"
#include "events/base/result.h"
#include "projections/texts/texts.h"

#include <concepts>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

/// Each value of an enumeration has two names.  The Vietnamese name is what people read and type.
/// The word, in English and small letters, is what JSON and files hold; it is also understood
/// wherever a value is typed.
namespace clients {

using events::word_of;
using projections::name_vi;

/// Values of an enumeration that can be typed, in the order of its table.
template <class Enum>
struct EnumChoices {
  std::vector<Enum> values;
  std::vector<Choice> choices;  ///< One for each value.
};

template <events::Tabled Enum>
EnumChoices<Enum> choices_of() {
  EnumChoices<Enum> all;
  for (const auto& [value, word] : events::rows_of<Enum>()) {
    // No dossier is in the state "none".
    if constexpr (std::same_as<Enum, events::DossierState>) {
      if (value == Enum::none) continue;
    }
    all.values.push_back(value);
    all.choices.push_back({word, name_vi(value)});
  }
  return all;
}

/// The value that `typed` means, by its word or its Vietnamese name, see find_choice().
/// Errors:  invalid_argument: `typed` means no value or more than one; the message names the field
///          and lists what can be chosen.
template <events::Tabled Enum>
events::Result<Enum> parse_word(std::string_view typed) {
  const EnumChoices<Enum> all = choices_of<Enum>();
  const std::string_view noun = projections::texts_of(Enum{}).noun.vi;
  const events::Result<std::size_t> found = find_choice(noun, typed, all.choices);
  if (!found) return found.error();
  return all.values[*found];
}

/// What can be typed for an enumeration, for help texts: "nông dân; công nhân; …".
template <events::Tabled Enum>
std::string words_of() {
  return listed(choices_of<Enum>().choices);
}

}  // namespace clients
