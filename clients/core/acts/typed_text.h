#pragma once

#include "events/base/ids.h"
#include "events/base/result.h"
#include "events/base/time.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace clients {

/// What people typed as it is kept, see events::clean_typed_text().
/// Errors: invalid_argument: not UTF-8; in words for the person.
events::Result<std::string> typed_text(std::string_view text);

/// "7.12" as an id.  Errors: invalid_argument, in words for the person.
events::Result<events::EventId> parse_event_id(std::string_view text);
/// Errors: invalid_argument: not a day like 2025-11-30 or 30/11/2025.
events::Result<events::Day> parse_business_day(std::string_view text);

/// Brings texts to the form in which they are kept.  Errors: invalid_argument: not UTF-8; then the
/// texts before it are clean.
events::Result<void> clean_texts(std::initializer_list<std::string*> texts);

}  // namespace clients
