#pragma once

#include "events/base/result.h"
#include "events/base/time.h"
#include "server/api/request_context.h"
#include "server/api/token_store.h"

#include <boost/json/object.hpp>

namespace server {

/// What the operator asks of the running server about bearer tokens: `{"do":"token","make":{"name":
/// "…","unit":"2.5","valid_days":90}}`, `{"do":"token","revoke":3}`, and `{"do":"token"}` to list
/// them.  The answer lists them; after `make` it holds the token in "token" as well, this once.
/// `unit` "-": the whole log.
/// Errors: invalid_argument: also for a unit that is below a commune or not in the log; not_found;
///         too_large; storage_failed.
events::Result<boost::json::object> serve_tokens(TokenStore& tokens, const ApiState& state,
                                                 events::Timestamp now,
                                                 const boost::json::object& request);

/// The command `khuyenhoc-server token`; returns the exit code.
int run_token(int argc, const char* const* argv);

}  // namespace server
