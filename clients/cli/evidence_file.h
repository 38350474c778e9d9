#pragma once

#include "clients/cli/session.h"
#include "events/kinds/evidence_events.h"
#include "events/log/private_record.h"

#include <string>

namespace clients {

/// Attaches the file at `path` to a dossier: takes it into the device's files, makes a thumbnail,
/// and records the event with what `sighted` says of the paper.  Returns the exit code.
/// Errors: not_found, invalid_argument, too_large: nothing was recorded; as Session::record.
events::Result<int> attach_evidence(Session& session, events::DossierId dossier,
                                    const events::EvidenceSighted& sighted,
                                    const events::EvidenceRecord& record, const std::string& path);

}  // namespace clients
