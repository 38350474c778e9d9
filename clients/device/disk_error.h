#pragma once

#include "events/base/result.h"

#include <filesystem>
#include <string>
#include <system_error>

namespace clients {

/// Why the device's own disk did not do what it was asked: device_denied where the user may not,
/// otherwise device_storage.  Made where the disk answers, so that nobody takes it for the server's
/// disk or for the network.  The message names the path and the reason.
events::Error disk_error(const std::filesystem::path& path, const std::error_code& reason);
/// The same for what errno says.
events::Error disk_error(const std::filesystem::path& path);

/// What the command was doing when the disk failed.
enum class DiskWork {
  recording,  ///< What was typed is not kept.
  receiving,  ///< What was kept before is whole.
};
enum class DiskFault { full, read_only, failing };
/// Read from the words in which the system and RocksDB say it, which is all that they say.
/// Expects: a device_storage error.
DiskFault disk_fault(const events::Error& error);
/// What a device_storage error means for the officer: the fault, what was kept and what to do.
std::string disk_advice_vi(const events::Error& error, DiskWork work);

}  // namespace clients
