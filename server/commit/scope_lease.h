#pragma once

#include "events/base/result.h"
#include "events/kinds/purge_events.h"
#include "events/protocol/scope_messages.h"
#include "projections/state/state.h"

#include <cstdint>
#include <optional>

namespace server {

/// How long a device may go without contact before it locks the names it holds; domain.md SC8.
inline constexpr std::uint32_t lease_days_default = 45;

/// The event that a receipt becomes; nothing when the log has it, or a later one, already, and when
/// it answers a grant of beyond the log's head.
/// Errors:  not_enrolled.
events::Result<std::optional<events::ScopePurged>> purge_event(
    const events::protocol::Purged& purged, const projections::State& state);

}  // namespace server
