#pragma once

#include "clients/core/replica/replica.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/protocol/head_evidence.h"

#include <cstdint>

namespace clients {

/// What two devices know of one log.
enum class HeadComparison : std::uint8_t {
  same = 1,         ///< At the place that the checkpoint names, the log here is the same.
  contradicts = 2,  ///< The log's key signed something else for the other device: an alarm.
  unknown = 3,      ///< This device has no block that ends there; nothing can be said.
};

struct ComparedHead {
  events::protocol::HeadClaim theirs;
  HeadComparison result{};
};

/// Compares a checkpoint of another device with what is here.  A contradiction becomes an alarm,
/// with both statements.
/// Errors:  wrong_log; bad_signature: the log's key did not sign it; malformed; storage_failed.
events::Result<ComparedHead> compare_head(Replica& replica,
                                          const events::protocol::HeadEvidence& evidence,
                                          events::Timestamp now);

}  // namespace clients
