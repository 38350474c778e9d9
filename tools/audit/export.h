#pragma once

#include "events/log/event_log.h"
#include "tools/audit/byte_stream.h"
#include "tools/audit/log_export_format.h"
#include "tools/audit/verify.h"

#include <functional>
#include <optional>
#include <span>

namespace audit {

/// Gives the checkpoints up to a position.
using CheckpointFinder =
    std::function<events::Result<std::vector<LogExportCheckpoint>>(events::Position)>;

/// What was written.
struct Exported {
  LogExportHeader header;
  std::uint64_t blocks{};
  std::uint64_t events{};
  std::uint64_t bytes{};
};

/// Where a log export may end at `wanted` or soon after: the events of one receipt stay together,
/// since only the last of them may carry the signature, or be what the server owed for the others.
/// Errors: not_found: the log is empty; storage_corrupt, storage_failed.
events::Result<events::LogHead> cut_at(const events::EventLog& log, events::Position wanted);

/// Writes the log, up to `to_position` when it is given, as a log export.
/// Errors: not_found: the log is not founded; storage_corrupt, storage_failed, io_failed.
events::Result<Exported> export_log(const events::EventLog& log, const CheckpointFinder& find,
                                    std::optional<events::Position> to_position, ByteSink& sink,
                                    const Progress& progress = nullptr);

}  // namespace audit
