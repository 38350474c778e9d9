#pragma once

#include "events/log/event_log.h"
#include "server/api/credentials.h"
#include "server/api/request_context.h"
#include "server/api/token_store.h"
#include "server/commit/committer.h"
#include "server/feed/projector.h"

namespace server {

/// What handlers read: the log, and the projection, whose thread the caller waits for.
/// Lifetime: `log` and `projector` outlive the ports.
ApiState api_state_of(const events::EventLog& log, Projector& projector);

/// How credentials are checked: by the log thread, and by a clock that may be believed.
/// Lifetime: `committer` and `tokens` outlive the ports.
Credentials::Ports credential_ports_of(Committer& committer, Committer::Clock clock,
                                       const TokenStore& tokens);

}  // namespace server
