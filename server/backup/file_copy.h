#pragma once

#include "events/base/result.h"
#include "server/backup/whole_log.h"

#include <filesystem>

namespace server {

/// Copies every file below `from` to `to`, which must not exist, reading and writing the bytes: a
/// copy that shares its disk blocks with the original would share their decay.  On return the copy
/// survives a power cut.
///
/// Errors: io_failed: the message names the file; half a copy may be left.
events::Result<void> copy_directory(const std::filesystem::path& from,
                                    const std::filesystem::path& to, const OnProgress& on_progress);

/// Writes a whole file, readable by its owner only.  On return it survives a power cut.
/// Errors: io_failed; it exists already.
events::Result<void> write_file(const std::filesystem::path& path, const std::string& content);
/// Errors: not_found, io_failed.
events::Result<std::string> read_file(const std::filesystem::path& path);
/// Makes the directory, for its owner only, when it is missing.
/// Errors: io_failed; invalid_argument: it has something in it.
events::Result<void> make_empty_directory(const std::filesystem::path& path);
/// Makes the names in a directory survive a power cut.
events::Result<void> sync_directory(const std::filesystem::path& path);

}  // namespace server
