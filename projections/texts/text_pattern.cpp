#include "projections/texts/text_pattern.h"

#include "events/base/time.h"
#include "projections/texts/texts.h"

namespace projections {
namespace {

template <class Enum>
std::string name_of(std::int64_t number, Language language) {
  return std::string(text_of(static_cast<Enum>(number), language));
}

std::string date_of(std::int64_t number, Language language) {
  const events::Day day{static_cast<std::uint32_t>(number)};
  return language == Language::vi ? events::to_vietnamese(day) : events::to_iso(day);
}

std::string fault_of(std::int64_t number, Language language) {
  constexpr Text other_fault{"chưa hợp lệ", "is not valid"};
  const auto fault = static_cast<events::TextFault>(number);
  return std::string(is_known(fault) ? text_of(fault, language) : other_fault.in(language));
}

/// One "{…}" filled in; nothing when the verdict lacks the parameter.
std::optional<std::string> fill(std::string_view field, const std::vector<std::int64_t>& parameters,
                                Language language) {
  const std::size_t index = static_cast<std::size_t>(field.front() - '0');
  if (index >= parameters.size()) return std::nullopt;
  const std::int64_t value = parameters[index];
  const std::string_view form = field.size() > 2 ? field.substr(2) : std::string_view{};
  if (form == "points") return points(value, language);
  if (form == "ordinal") return std::to_string(value + 1);
  if (form == "state") return name_of<events::DossierState>(value, language);
  if (form == "event") return name_of<events::EventType>(value, language);
  if (form == "title") return name_of<events::TitleKind>(value, language);
  if (form == "group") return name_of<events::GroupCode>(value, language);
  if (form == "unit_kind") return name_of<events::UnitKind>(value, language);
  if (form == "conclusion") return name_of<events::ReviewConclusion>(value, language);
  if (form == "outcome") return name_of<events::AppraisalOutcome>(value, language);
  if (form == "reason") return name_of<events::NotRecognizedReason>(value, language);
  if (form == "role") return name_of<events::Role>(value, language);
  if (form == "text") return fault_of(value, language);
  if (form == "day") return date_of(value, language);
  if (form == "clock") return clock_words(value, language);
  if (form == "id") {
    if (index + 1 >= parameters.size()) return std::nullopt;
    return std::to_string(value) + "." + std::to_string(parameters[index + 1]);
  }
  return std::to_string(value);
}

}  // namespace

std::optional<std::string> fill_all(std::string_view pattern,
                                    const std::vector<std::int64_t>& parameters,
                                    Language language) {
  std::string text;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{')) {
    const std::size_t close = pattern.find('}', open);
    const auto filled = fill(pattern.substr(open + 1, close - open - 1), parameters, language);
    if (!filled) return std::nullopt;
    text.append(pattern.substr(0, open)).append(*filled);
    pattern.remove_prefix(close + 1);
  }
  return text.append(pattern);
}

}  // namespace projections
