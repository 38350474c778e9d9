#pragma once

#include "clients/cli/session.h"
#include "clients/core/acts/register.h"

namespace clients {

/// Whether somebody like the person is on this device already; then says who that is and how to go
/// on.  `known_option`: how the command takes somebody who is here, as "--person"; empty when it
/// does not.
events::Result<bool> is_here_already(Session& session, const acts::NewPerson& person,
                                     const char* known_option);
/// The same for a collective.
events::Result<bool> is_here_already(Session& session, const acts::NewCollective& collective,
                                     const char* known_option);

/// The pairs of people who may be one, as a list.
events::Result<Listing> list_suspected_pairs(Session& session);

}  // namespace clients
