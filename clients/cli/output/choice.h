#pragma once

#include "events/base/result.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace clients {

/// One of the values an option can take: the word that JSON and files call it by, and the
/// Vietnamese name that people read and type.
struct Choice {
  std::string_view word;
  std::string_view name_vi;
};

/// Which of `choices` somebody means: its word, its name, a part of its name between commas, or a
/// beginning or another piece of it that no other has; capitals and marks make no difference.
///
/// Errors:  invalid_argument: none of them, or more than one; the message calls the field by
///          `noun` and lists what can be chosen, the nearest first.
events::Result<std::size_t> find_choice(std::string_view noun, std::string_view typed,
                                        std::span<const Choice> choices);

/// What can be typed, for help and messages: "nông dân; công nhân; …".
std::string listed(std::span<const Choice> choices);

}  // namespace clients
