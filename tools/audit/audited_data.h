#pragma once

#include "server/store/rocks_event_log.h"
#include "tools/audit/log_export_format.h"
#include "tools/audit/verification.h"

#include <filesystem>
#include <memory>
#include <vector>

namespace audit {

/// The data directory of a stopped server, or a backup of it, open for reading.
struct AuditedData {
  std::filesystem::path log_path;
  std::unique_ptr<server::RocksEventLog> log;

  /// Where private records and files lie beside the log.
  std::filesystem::path root() const;
};

/// `path` is the server's data directory, or the database in it.
/// Errors: busy: a server has it open; the message says what to do.
///         as RocksEventLog::open_read_only otherwise.
events::Result<AuditedData> open_data_directory(const std::filesystem::path& path);

/// The checkpoints of the projections that this build folds too, up to `position`.
/// Errors: storage_corrupt, storage_failed.
events::Result<std::vector<LogExportCheckpoint>> checkpoints_of(const AuditedData& data,
                                                                events::Position position);

/// Compares the checksums of all tables, and the log with its high-water file.
void verify_files(const AuditedData& data, Report& report);

}  // namespace audit
