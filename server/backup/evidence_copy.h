#pragma once

#include "events/base/result.h"
#include "server/backup/whole_log.h"

#include <filesystem>
#include <functional>

namespace server {

/// Copies the complete files of a file store (see DiskFileStore) to `to`, and reads each copy back:
/// it must have the digest that is its name.  Unfinished uploads stay behind; their devices go on
/// with them.  A store that is not there is an empty one.
///
/// Errors: io_failed; storage_corrupt: names the file.
events::Result<void> copy_evidence(const std::filesystem::path& from,
                                   const std::filesystem::path& to, const OnProgress& on_progress);

/// Told each complete file, and whether it has the digest that is its name.  What it returns ends
/// the visit when it is an error.
using EvidenceVisitor = std::function<events::Result<void>(const std::filesystem::path& file,
                                                           const events::Result<void>& whole)>;
/// Reads every complete file of a file store.
/// Errors: io_failed: a directory cannot be listed; those of `visit`.
events::Result<void> visit_evidence(const std::filesystem::path& files,
                                    const EvidenceVisitor& visit, const OnProgress& on_progress);

/// Whether every file below has the digest that is its name.
/// Errors: as copy_evidence().
events::Result<void> check_evidence(const std::filesystem::path& files,
                                    const OnProgress& on_progress);

}  // namespace server
