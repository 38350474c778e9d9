#pragma once

#include "projections/texts/language.h"

#include <string_view>

namespace projections {

/// What an officer calls a text field of an event or a record: "căn cứ" for "basis".  A name that
/// the table lacks stands for itself.
std::string_view field_name(std::string_view field, Language language = Language::vi);

}  // namespace projections
