#include "projections/texts/text_pattern.h"

#include "events/base/time.h"
#include "projections/texts/texts.h"

namespace projections {
namespace {

std::string_view fault_vi(events::TextFault fault) {
  switch (fault) {
    case events::TextFault::missing:
      return "bắt buộc nhưng để trống";
    case events::TextFault::too_long:
      return "quá dài";
    case events::TextFault::form:
      return "không đọc được (không phải Unicode dựng sẵn)";
    case events::TextFault::characters:
      return "chứa ký tự không nhìn thấy được";
  }
  return "chưa hợp lệ";
}

/// One "{…}" filled in; nothing when the verdict lacks the parameter.
std::optional<std::string> fill(std::string_view field,
                                const std::vector<std::int64_t>& parameters) {
  const std::size_t index = static_cast<std::size_t>(field.front() - '0');
  if (index >= parameters.size()) return std::nullopt;
  const std::int64_t value = parameters[index];
  const std::string_view form = field.size() > 2 ? field.substr(2) : std::string_view{};
  if (form == "points") return points_vi(value);
  if (form == "ordinal") return std::to_string(value + 1);
  if (form == "state") return std::string{name_vi(static_cast<events::DossierState>(value))};
  if (form == "event") return std::string{name_vi(static_cast<events::EventType>(value))};
  if (form == "title") return std::string{name_vi(static_cast<events::TitleKind>(value))};
  if (form == "group") return std::string{name_vi(static_cast<events::GroupCode>(value))};
  if (form == "unit_kind") return std::string{name_vi(static_cast<events::UnitKind>(value))};
  if (form == "outcome") return std::string{name_vi(static_cast<events::AppraisalOutcome>(value))};
  if (form == "reason") {
    return std::string{name_vi(static_cast<events::NotRecognizedReason>(value))};
  }
  if (form == "day") return events::to_vietnamese(events::Day{static_cast<std::uint32_t>(value)});
  if (form == "text") return std::string{fault_vi(static_cast<events::TextFault>(value))};
  if (form == "clock") return clock_words_vi(value);
  if (form == "role") return std::string{name_vi(static_cast<events::Role>(value))};
  if (form == "id") {
    if (index + 1 >= parameters.size()) return std::nullopt;
    return std::to_string(value) + "." + std::to_string(parameters[index + 1]);
  }
  return std::to_string(value);
}

}  // namespace

std::optional<std::string> fill_all(std::string_view pattern,
                                    const std::vector<std::int64_t>& parameters) {
  std::string text;
  for (std::size_t open = pattern.find('{'); open != std::string_view::npos;
       open = pattern.find('{')) {
    const std::size_t close = pattern.find('}', open);
    const auto filled = fill(pattern.substr(open + 1, close - open - 1), parameters);
    if (!filled) return std::nullopt;
    text.append(pattern.substr(0, open)).append(*filled);
    pattern.remove_prefix(close + 1);
  }
  return text.append(pattern);
}

}  // namespace projections
