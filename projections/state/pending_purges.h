#pragma once

#include "projections/state/state.h"

namespace projections {

/// Whether a device still holds, as far as the log knows, what it may not hold any more: a role of
/// its people ended, or it was revoked, and it has not confirmed since that it let go.
bool owes_purge(const State& state, const Device& device, events::Day today);

}  // namespace projections
