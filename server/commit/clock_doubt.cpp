#include "server/commit/clock_doubt.h"

namespace server {

using events::Error;
using events::ErrorCode;
using events::Result;

Result<Admission> admit_unvouched(Pipeline& pipeline, events::ChainNumber chain,
                                  events::Timestamp now) {
  Result<Admission> admission = pipeline.admit(chain, now);
  if (!admission || admission->revoked || admission->repairing) return admission;
  const Result<Admission> before = pipeline.admit(chain, pipeline.last_received_at());
  if (!before) return before.error();
  // Equal at both ends they may still have been others between them, and have come down then.
  const bool lasts = !before->valid_until || *before->valid_until > now;
  if (lasts && before->rights == admission->rights) return admission;
  return Error{ErrorCode::server_clock,
               "the device's roles change between the last receipt and the server's time, and no "
               "device has spoken for that time since the server was started"};
}

}  // namespace server
