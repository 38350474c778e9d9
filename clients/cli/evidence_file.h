#pragma once

#include "clients/cli/session.h"
#include "clients/core/acts/evidence.h"

#include <string>

namespace clients {

/// Attaches the file at `path`: takes it into the device's files, makes a thumbnail, and records
/// the evidence with both.  Returns the exit code. Errors: not_found, invalid_argument, too_large:
/// nothing was recorded; as Session::record.
events::Result<int> attach_evidence(Session& session, const acts::Evidence& evidence,
                                    const std::string& path);

}  // namespace clients
