#pragma once

#include "clients/cli/session.h"

namespace clients {

/// Whether a person or a collective like the one that `request` introduces is here already; then
/// says who that is and how to go on.  `known_option`: how the command takes somebody who is here,
/// as "--person"; empty when it does not.
/// Expects: a PersonIntroduced or CollectiveIntroduced with its private record.
events::Result<bool> is_here_already(Session& session, const RecordRequest& request,
                                     const char* known_option);

/// The pairs of people who may be one, as a list.
events::Result<Listing> list_suspected_pairs(Session& session);

}  // namespace clients
