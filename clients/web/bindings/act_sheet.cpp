#include "clients/web/bindings/act_sheet.h"

#include "clients/core/acts/typed_text.h"

namespace clients::web {

events::EventId ActSheet::id(std::string_view name) {
  if (!has(name)) return {};
  return value_or_problem(name, parse_event_id(fields_.text(name)));
}

events::EventId ActSheet::needed_id(std::string_view name) {
  if (!has(name)) add_problem(name, {});
  return id(name);
}

std::vector<events::EventId> ActSheet::ids(std::string_view name) {
  std::vector<events::EventId> ids;
  for (const std::string& text : all(name)) {
    ids.push_back(value_or_problem(name, parse_event_id(text)));
  }
  if (ids.empty()) add_problem(name, {});
  return ids;
}

}  // namespace clients::web
