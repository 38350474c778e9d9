#pragma once

#include "projections/texts/language.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace projections {

/// The pattern with its fields filled in from the parameters of a verdict; nothing when one is
/// lacking.
///
/// Format:  "{0}" is the first one as a number, "{0:points}" as points, "{0:ordinal}" counted from
///          1, "{0:state}", "{0:event}", "{0:role}", "{0:reason}", "{0:conclusion}",
///          "{0:outcome}", "{0:title}", "{0:group}" and "{0:unit_kind}" by their names, "{0:text}"
///          what is wrong with a text, "{0:day}" as a date, "{0:clock}" as how far a clock is off,
///          "{0:id}" the first and the second as an id.
/// Expects: a pattern of this program's own tables.
std::optional<std::string> fill_all(std::string_view pattern,
                                    const std::vector<std::int64_t>& parameters,
                                    Language language = Language::vi);

}  // namespace projections
