#pragma once

#include "events/base/result.h"

#include <filesystem>
#include <string>
#include <string_view>

namespace platform {

/// Makes a file that only its owner may read.  On return it survives a power cut.
/// Errors:  io_failed: also when there is one already, which stays.
events::Result<void> make_secret(const std::filesystem::path& path, std::string_view content);

/// Puts a file that only its owner may read in the place of the one that is there.  On return it
/// survives a power cut; before, the old one stays.
/// Errors:  io_failed.
events::Result<void> replace_secret(const std::filesystem::path& path, std::string_view content);

/// Errors:  not_permitted: group or others may read it, and the message says the command that ends
///          that; io_failed.
events::Result<std::string> read_secret(const std::filesystem::path& path);

}  // namespace platform
