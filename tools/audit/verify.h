#pragma once

#include "tools/audit/byte_stream.h"
#include "tools/audit/verification.h"

namespace audit {

/// Verifies a log export from its bytes alone.
/// Errors: malformed: not a log export; unsupported: a newer form; io_failed.  Everything else that
/// is
///         wrong with it stands in the report.
events::Result<Report> verify_export(ByteSource& source, const Progress& progress = nullptr);

}  // namespace audit
