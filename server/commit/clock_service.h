#pragma once

#include "events/base/result.h"
#include "server/commit/committer.h"

#include <boost/json/object.hpp>

namespace server {

/// The wish to see how the clock stands, or to confirm it, as the control socket carries it.
boost::json::object clock_request(bool confirm);

/// What a request asks of the running server: the report in JSON, see docs/operations.md.
/// Thread: the control socket's; waits for the log thread.
/// Errors: as Committer::ask_clock(); invalid_argument.
events::Result<boost::json::object> serve_clock(Committer& committer,
                                                const boost::json::object& request);

}  // namespace server
