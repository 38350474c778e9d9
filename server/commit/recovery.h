#pragma once

#include "events/base/result.h"
#include "events/log/event_log.h"
#include "projections/state/state.h"

namespace server {

/// Applies every event of the log after `state.applied()`.
/// Errors: storage_corrupt, storage_failed, malformed; the state then ends before the bad block.
events::Result<void> fold(const events::EventLog& log, projections::State& state,
                          const projections::State::OnEffect& on_effect = nullptr);

}  // namespace server
