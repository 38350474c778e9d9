#pragma once

#include "events/base/result.h"

#include <string>

namespace clients {

/// The certificates in PEM that a device is to trust; nothing for an empty path.
/// Errors: invalid_argument, in Vietnamese: it cannot be read, is too large, or holds no
/// certificate.
events::Result<std::string> read_authorities(const std::string& path);

}  // namespace clients
