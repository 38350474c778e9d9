#pragma once

#include "server/backup/backup.h"

#include <cstdint>
#include <filesystem>
#include <optional>

namespace server {

struct RestoreRequest {
  std::filesystem::path from;
  std::filesystem::path data;          ///< New; must not have anything in it.
  std::optional<events::Epoch> epoch;  ///< Of the restored log; the backup's plus 1 by default.
};

struct Restored {
  CheckedBackup backup;
  events::Epoch epoch;
};

/// Verifies a backup, copies it to a new data directory, raises the epoch and marks the log as
/// repair: the server will take back from devices what the backup lacks before it accepts anything
/// new (docs/decisions/0014-restored-servers.md).  Tokens of other systems hold again as they did
/// when the backup was made, also those that were revoked since.
///
/// Errors: as check_backup; invalid_argument: the target has something in it, or the epoch does not
///         rise.  A restore that failed leaves a directory without `log.high-water`, which no
///         server starts from.
events::Result<Restored> restore(const RestoreRequest& request, const OnProgress& on_progress);

}  // namespace server
