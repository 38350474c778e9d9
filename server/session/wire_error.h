#pragma once

#include "events/base/result.h"

namespace server {

/// Whether the message of such an error may name files of this machine or quote its database.
bool is_internal(events::ErrorCode code);

/// The error as whoever is at the other end of a line may read it: the code stays, and in the place
/// of a text about this machine stands a sentence that is the same for all of its kind.  The
/// original belongs into the log.
events::Error wire_error(const events::Error& error);

}  // namespace server
