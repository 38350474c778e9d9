#pragma once

#include "events/access_events.h"
#include "events/criteria_events.h"
#include "events/decision_events.h"
#include "events/dossier_events.h"
#include "events/result.h"
#include "events/review_events.h"
#include "events/titles.h"
#include "events/unit_events.h"
#include "events/verdict.h"

#include <string>
#include <string_view>

/// The words by which people name values on the command line: English, small letters, the same in
/// options, files and JSON output.
namespace clients {

/// Errors:  invalid_argument: not a word of that enumeration; the message lists those that are.
template <class Enum>
events::Result<Enum> parse_word(std::string_view word);

/// The word of a value, "?" for one this build does not know.
template <class Enum>
std::string_view word_of(Enum value);

/// All words of an enumeration, for help texts: "farmer_rural, worker_craft, …".
template <class Enum>
std::string words_of();

}  // namespace clients
