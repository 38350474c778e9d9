#pragma once

#include "clients/core/replica/workspace.h"
#include "events/base/verdict.h"

#include <optional>
#include <string>

namespace clients {

/// What helps the person whose act was refused here, beyond the verdict's own words: the roles that
/// the device knows of, or the command that comes next for the dossier; nothing where there is
/// none.
std::optional<std::string> help_for(const events::Verdict& refused, const RecordRequest& request,
                                    const Workspace& workspace);

}  // namespace clients
