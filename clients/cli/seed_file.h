#pragma once

#include "events/crypto/signature.h"
#include "events/result.h"

#include <filesystem>

namespace clients {

/// Reads the secret seed of a device.
/// Errors:  storage_failed: it cannot be read; storage_corrupt: it is not 32 bytes.
events::Result<events::SecretSeed> read_seed_file(const std::filesystem::path& path);

/// Writes the seed readable by its owner only.  On return it survives a power cut, and there was no
/// moment without a whole file.
/// Errors:  storage_failed.
events::Result<void> write_seed_file(const std::filesystem::path& path,
                                     const events::SecretSeed& seed);

}  // namespace clients
