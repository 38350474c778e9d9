#pragma once

#include "events/base/result.h"
#include "events/text/text_check.h"

namespace clients {

/// What is wrong with a typed text, for the person at the keyboard: the option, what it is called,
/// and, when it is too long, its length and bound in bytes and in letters of that text.
events::Error bad_text_error(const events::BadText& bad);

}  // namespace clients
