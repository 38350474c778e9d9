#pragma once

#include "events/log/event_log.h"
#include "tools/audit/verification.h"

#include <filesystem>

namespace audit {

/// Compares what stands beside a log with the digests in it: recomputes the digest of every private
/// record in `directory`/private and of every file in `directory`/files, and looks for each file
/// that the log calls stored.  A record that is not there is no problem: it was erased or purged.
/// Nothing is written.
///
/// Expects: that no server has the directory open.
/// What cannot be opened stands in `report`, too.
void verify_records(const events::EventLog& log, const std::filesystem::path& directory,
                    Report& report);

}  // namespace audit
