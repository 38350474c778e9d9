#pragma once

#include "events/base/result.h"
#include "events/base/time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace clients {

// What people type about a person, as it is kept.  Nothing is guessed: what does not fit is refused
// while it can still be typed again.  Errors: invalid_argument, in words for the person.

/// A national identification number, 12 digits; blanks and dots between them are dropped.
events::Result<std::string> read_id_number(std::string_view typed);

/// A telephone number of Viet Nam as "+84…": with 0, 84 or +84 before it, and with blanks, dots,
/// dashes and brackets between the digits.
events::Result<std::string> read_phone(std::string_view typed);

/// A code of the national list of peoples: 1–54, 55 for foreigners, 99 when it is not known.
events::Result<std::uint8_t> read_ethnicity(std::uint32_t typed);

/// A date of birth as well as papers know it: 1990, 03/1990 or 12/03/1990.
events::Result<events::PartialDate> read_birth(std::string_view typed);

/// A whole number above 0; `what` begins the message: "Mã dân tộc".
events::Result<std::uint32_t> read_count(std::string_view typed, std::string_view what);

}  // namespace clients
