#pragma once

#include "events/base/ids.h"

#include <span>

namespace projections {
class State;
}  // namespace projections

namespace clients::acts {

/// Whether no role that one of `persons` holds takes any step with a dossier: they read boards and
/// histories, and a page needs no acts for them.  False while none of them holds a role.
bool only_read(const projections::State& state, std::span<const events::PersonId> persons);

}  // namespace clients::acts
