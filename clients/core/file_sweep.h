#pragma once

#include "clients/core/file_store.h"
#include "clients/core/replica.h"
#include "events/time.h"

#include <functional>

namespace clients {

/// An own original stays so long behind its EvidenceStored: a server that is restored from a backup
/// in this time asks for it again.
inline constexpr std::uint64_t own_original_days = 30;

/// Whether a device may have files of evidence of a commune.  `is_own`: made on it.
using MayHoldFiles = std::function<bool(events::UnitId commune, bool is_own)>;

/// Erases the files that the device has no business with: those of communes which it may not hold,
/// own originals that the server has had long enough, and what no event here names, as a crash
/// leaves it.  Own files that the server is not known to have stay, whatever the device may hold:
/// nobody else has them; but for those of refused events of a commune that it reads no more, and
/// damaged ones of such a commune.
/// Errors:  device_storage.
events::Result<void> sweep_files(const Replica& replica, FileStore& files,
                                 const MayHoldFiles& may_hold, events::Timestamp now);

/// The device was revoked.
/// Errors:  device_storage.
events::Result<void> erase_all_files(FileStore& files);

}  // namespace clients
