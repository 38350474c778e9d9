#pragma once

#include "events/base/ids.h"

#include <optional>
#include <string_view>

namespace server {

/// The id that "chain.seq" names; nothing for another text, another writing of the same id, and
/// for none.
std::optional<events::EventId> read_id(std::string_view text);

}  // namespace server
