#pragma once

#include "events/base/result.h"
#include "server/commit/committer.h"
#include "server/files/file_wants.h"

#include <boost/json/object.hpp>

namespace server {

/// The wish to see a repair, or to end it, as the control socket carries it.
boost::json::object repair_request(bool finish, bool give_up);

/// What a request asks of the running server: the report in JSON, see docs/operations.md.
/// Thread: the control socket's; waits for the log thread.
/// Errors: as Repair::finish(); invalid_argument.
events::Result<boost::json::object> serve_repair(Committer& committer, const FileWants& wants,
                                                 const boost::json::object& request);

boost::json::object in_json(const RepairReport& report);

}  // namespace server
