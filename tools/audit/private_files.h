#pragma once

#include "events/log/private_record.h"

#include <filesystem>
#include <map>
#include <span>
#include <string>

namespace audit {

/// Fields of private records, as JSON, by the digest that an event names them with.
using PrivateTexts = std::map<events::Digest, std::string>;

/// Reads files that each hold private records in compact form, one behind the other.
/// Errors: io_failed, too_large, malformed; the message names the file.
events::Result<PrivateTexts> read_private_files(std::span<const std::filesystem::path> paths);

}  // namespace audit
