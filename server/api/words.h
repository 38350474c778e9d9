#pragma once

#include "events/base/verdict.h"
#include "events/kinds/access_events.h"
#include "events/kinds/titles.h"

#include <string_view>

namespace server {

/// The words by which programs know the values of an enumeration, the same as in `--json` of the
/// command line; "unknown" for a value of a newer build.
std::string_view api_word(events::Role role);
std::string_view api_word(events::TitleKind title);
std::string_view api_word(events::GroupCode group);
std::string_view api_word(events::VerdictCode code);
std::string_view api_word(events::HoldReason reason);

}  // namespace server
