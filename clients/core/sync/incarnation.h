#pragma once

#include "clients/core/replica/replica.h"
#include "events/base/result.h"
#include "events/base/time.h"
#include "events/protocol/messages.h"

#include <cstdint>

namespace clients {

// What a device does when somebody else goes on with its chain: it was cloned, or restored from an
// older image.  It leaves the chain to the other copy, gets a new one, and records again there what
// only it has (docs/decisions/0014-restored-servers.md).  Nothing that was typed on it is dropped.

/// The request for a new chain.  The new key is durable on return; a second request uses the same.
/// `fresh`: a seed drawn at random, or a pair that the browser just drew.
/// Errors:  device_storage; too_large: more events without receipt than a request can name;
///          needs_signature: of the old or the new key; the new one is durable already.
events::Result<events::protocol::NewChain> ask_for_new_chain(Replica& replica,
                                                             const DeviceKey& fresh);

/// Goes on with the chain that the server gave: the old events are kept beside it, what was
/// received is asked for again, and the log's version of the old chain comes with it.
/// Expects: check_enrolled().
/// Errors:  unproved_server: of another key than the log's; malformed; device_storage: load the
/// replica again.
events::Result<void> take_new_chain(Replica& replica, const events::protocol::Enrolled& enrolled);

/// What became of branches that had not been recorded again.
struct ContinuedBranches {
  std::size_t branches{};  ///< That are done with now, those without events of their own included.
  std::uint64_t events{};  ///< Recorded again.
};

/// Records again, on the new chain, the events of chains that were left which the log does not
/// have, as far as the log has said which; a branch is recorded whole or not at all.
/// Errors:  device_storage; unsupported: an event that this build cannot read.
events::Result<ContinuedBranches> continue_branches(Replica& replica, events::Timestamp now);

}  // namespace clients
