#pragma once

#include "events/result.h"

#include <filesystem>
#include <system_error>

namespace clients {

/// Why the device's own disk did not do what it was asked: device_denied where the user may not,
/// otherwise device_storage.  Made where the disk answers, so that nobody takes it for the server's
/// disk or for the network.  The message names the path and the reason.
events::Error disk_error(const std::filesystem::path& path, const std::error_code& reason);
/// The same for what errno says.
events::Error disk_error(const std::filesystem::path& path);

}  // namespace clients
