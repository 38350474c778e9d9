#pragma once

#include "server/base/peer_address.h"
#include "server/base/task.h"
#include "server/session/http_api.h"
#include "server/session/services.h"

namespace server {

/// Asks the interface for other systems and waits for its answer.  A caller that has shown
/// credentials that hold is a known one from then on; refused ones are a line of the security log,
/// and their answer waits as long as the gate says.
///
/// Expects: `services.api` is there.
/// Thread:  the calling coroutine's executor, which must be a strand.
Task<ApiAnswer> exchange_api(Services& services, Caller caller, ApiRequest request);

}  // namespace server
