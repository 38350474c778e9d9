#pragma once

#include "clients/core/log/file_store.h"
#include "clients/core/replica/replica.h"
#include "events/base/time.h"

#include <functional>

namespace clients {

/// The days for which an own original stays on the device after its EvidenceStored.  A server that
/// is restored from a backup within this time asks for the original again.
inline constexpr std::uint64_t own_original_days = 30;

/// Whether a device may hold files of evidence of a commune.  `is_own`: they were made on it.
using MayHoldFiles = std::function<bool(events::UnitId commune, bool is_own)>;

/// Erases the files that the device may not or need not hold: files of communes that `may_hold`
/// excludes, own originals that the server has had for more than `own_original_days` and does not
/// ask for, and files that no event here names, as a crash leaves them.
///
/// Own files that the server is not known to have stay even where `may_hold` excludes them, because
/// no other device has them.  Two kinds are erased all the same, in communes that the device no
/// longer reads: files of refused events, and damaged files.
/// Errors:  device_storage.
events::Result<void> sweep_files(const Replica& replica, FileStore& files,
                                 const MayHoldFiles& may_hold, events::Timestamp now);

/// Erases all files: the device was revoked.
/// Errors:  device_storage.
events::Result<void> erase_all_files(FileStore& files);

}  // namespace clients
