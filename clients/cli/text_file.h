#pragma once

#include "events/base/result.h"

#include <cstddef>
#include <string>

namespace clients {

/// The content of a file that a person names on the command line.
/// Errors:  not_found: it cannot be opened; io_failed: the disk failed while it was read;
///          invalid_argument: longer than `bytes_max`.  Messages are Vietnamese.
events::Result<std::string> read_text_file(const std::string& path, std::size_t bytes_max);

}  // namespace clients
