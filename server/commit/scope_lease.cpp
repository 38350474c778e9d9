#include "server/commit/scope_lease.h"

namespace server {

namespace protocol = events::protocol;
using events::Error;
using events::ErrorCode;
using events::Result;

Result<std::optional<events::ScopePurged>> purge_event(const protocol::Purged& purged,
                                                       const projections::State& state) {
  const projections::Device* const device = state.access().device_of(purged.chain);
  if (device == nullptr) return Error{ErrorCode::not_enrolled, "the log does not know this chain"};
  // The log was restored from a backup since: the device says it again until the log is there.
  const bool is_ahead = purged.as_of > state.applied();
  if (is_ahead || purged.as_of <= device->purged_as_of) {
    return std::optional<events::ScopePurged>{};
  }
  return std::optional<events::ScopePurged>{
      {device->id, purged.as_of, purged.units, purged.blocks, purged.removed, purged.signature}};
}

}  // namespace server
