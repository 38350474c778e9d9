#pragma once

#include "events/event_log.h"
#include "tools/audit/bundle_format.h"
#include "tools/audit/byte_stream.h"
#include "tools/audit/report.h"

#include <functional>
#include <span>

namespace audit {

/// Told the position of the last event looked at, now and then.
using Progress = std::function<void(events::Position)>;

/// Verifies a bundle from its bytes alone.
/// Errors: malformed: not a bundle; unsupported: a newer form; io_failed.  Everything else that is
///         wrong with it stands in the report.
events::Result<Report> verify_bundle(ByteSource& source, const Progress& progress = nullptr);

/// Verifies every block of a log and adds the outcome to `report`.  Blocks that cannot be read are
/// problems in it.
void verify_log(const events::EventLog& log, std::span<const BundleCheckpoint> checkpoints,
                Report& report, const Progress& progress = nullptr);

}  // namespace audit
