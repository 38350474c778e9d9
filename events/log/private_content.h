#pragma once

#include "events/base/time.h"
#include "events/log/private_record.h"

#include <cstdint>

namespace events {

/// The content bits of Intake for an event of kind `type` whose private record is `record`: rules
/// V01, V02 and V20.  Nobody is born after `today`; of a date that is not known in full the known
/// parts are compared.
std::uint8_t check_private_content(EventType type, const PrivateRecord& record, Day today);

}  // namespace events
