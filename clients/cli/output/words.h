#pragma once

#include "events/base/result.h"
#include "events/base/verdict.h"
#include "events/kinds/access_events.h"
#include "events/kinds/criteria_events.h"
#include "events/kinds/decision_events.h"
#include "events/kinds/dossier_events.h"
#include "events/kinds/review_events.h"
#include "events/kinds/titles.h"
#include "events/kinds/unit_events.h"
#include "projections/texts/texts.h"

#include <string>
#include <string_view>

/// Each value of an enumeration has two names.  The Vietnamese name is what people read and type.
/// The word, in English and small letters, is what JSON and files hold; it is also understood
/// wherever a value is typed.
namespace clients {

/// The value that `typed` means, by its word or its Vietnamese name, see find_choice().
/// Errors:  invalid_argument: `typed` means no value or more than one; the message names the field
///          and lists what can be chosen.
template <class Enum>
events::Result<Enum> parse_word(std::string_view typed);

/// The word of a value; "?" for a value that this build does not know.
template <class Enum>
std::string_view word_of(Enum value);

/// What can be typed for an enumeration, for help texts: "nông dân; công nhân; …".
template <class Enum>
std::string words_of();

// Vietnamese names: those of the workflow, and names of values that only this program shows.
using projections::name_vi;
std::string_view name_vi(events::AreaType area);
std::string_view name_vi(events::OrganisationKind kind);
std::string_view name_vi(events::LawfulBasis basis);
std::string_view name_vi(events::Confirmation confirmation);
std::string_view name_vi(events::ProxyReason reason);
std::string_view name_vi(events::SigningCapacity capacity);
std::string_view name_vi(events::CycleKind kind);
std::string_view name_vi(events::LatePolicy policy);
std::string_view name_vi(events::DeadlineBasis basis);

}  // namespace clients
