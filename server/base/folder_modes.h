#pragma once

#include "events/base/result.h"

#include <filesystem>

namespace server {

/// Makes a folder of the server's data readable for its owner alone, whoever made it: the folder
/// and the folders in it get mode 0700, the files 0600.  Secrets are left as they are, since the
/// server refuses those that others could read, see read_secret().
///
/// Cost:    a look at each entry of `folder`; everything below only when something had to be
///          mended.
/// Errors:  not_permitted: it belongs to somebody else, and the message says what to do; io_failed.
events::Result<void> keep_to_owner(const std::filesystem::path& folder);

}  // namespace server
