#pragma once

#include "events/base/result.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace events {

/// Whether `text` is UTF-8 as RFC 3629 defines it: no overlong form, no surrogate, nothing above
/// U+10FFFF.  NUL is a character like any other here.
[[nodiscard]] bool is_valid_utf8(std::string_view text);

/// Whether `text` is what `to_nfc` would make of it: valid UTF-8 in NFC, without NUL.
///
/// Cost: no allocation for ASCII and for Vietnamese in composed letters.
[[nodiscard]] bool is_nfc(std::string_view text);

/// `text` in Unicode Normalization Form C, the only form of a text that the rules accept in events.
///
/// Errors: malformed: not valid UTF-8, or contains NUL.
[[nodiscard]] Result<std::string> to_nfc(std::string_view text);

/// The number of code points.
///
/// Expects: valid UTF-8.
[[nodiscard]] std::size_t code_point_count(std::string_view valid_utf8);

inline constexpr std::size_t person_name_code_points_max = 100;

/// Rule V01: whether `name`, once it is in NFC, has 1 to 100 code points, at least one of them a
/// letter, and all of them letters, marks, blanks (U+0020), apostrophes (U+0027, U+2019, U+02BC),
/// hyphens (U+002D, U+2010) or dots (U+002E).
[[nodiscard]] bool is_valid_person_name(std::string_view name);

}  // namespace events
