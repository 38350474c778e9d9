#pragma once

#include "events/base/result.h"
#include "server/commit/refused_chains.h"

#include <boost/json/object.hpp>

namespace server {

/// What the operator asks of the running server about devices that are set aside:
/// `{"do":"refuse","chain":7}`, `"allow":true` to take it back, without a chain to list them.
/// The answer lists them.
/// Errors: invalid_argument, storage_failed.
events::Result<boost::json::object> serve_refusing(RefusedChains& refused,
                                                   const boost::json::object& request);

/// The command `khuyenhoc-server refuse`; returns the exit code.
int run_refuse(int argc, const char* const* argv);

}  // namespace server
