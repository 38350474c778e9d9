#pragma once

#include "events/base/bytes.h"
#include "events/base/result.h"

#include <cstddef>
#include <filesystem>

namespace clients {

/// Reads a file that only its owner may read: keys of this device.
/// Errors:  not_found: there is none; not_permitted: group or others may read it, and the message
///          says the chmod; device_denied, device_storage; storage_corrupt: longer than
///          `limit`.
events::Result<events::Bytes> read_owner_file(const std::filesystem::path& path, std::size_t limit);

/// Writes such a file.  On return it survives a power cut, there was no moment without a whole
/// file, and the bytes it replaced were overwritten where they stood.  (A disk that moves what it
/// overwrites keeps them all the same.)
/// Errors:  device_storage, device_denied; what was there before is still there.
events::Result<void> write_owner_file(const std::filesystem::path& path, events::ByteView content);

}  // namespace clients
