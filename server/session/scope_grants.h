#pragma once

#include "events/base/result.h"
#include "events/protocol/messages.h"
#include "events/protocol/scope_messages.h"
#include "server/commit/admission.h"

#include <optional>

namespace server {

/// What a session says to its device about what the device may hold.

/// Whether the device greets with another scope, or other private access, than it has now.
bool scope_changed(const events::protocol::Hello& hello, const ReaderRights& rights);

/// The grant to send behind WELCOME: when the scope changed, when the lease runs down, or when the
/// device was revoked.  Nothing for devices that do not know grants.
std::optional<events::protocol::ScopeGrant> grant_to_send(const events::protocol::Hello& hello,
                                                          const Admission& admission,
                                                          events::Timestamp now);

/// Whether a revoked device has nothing more to do here: all it had is in the log, and it has said
/// that it kept nothing, if it knows how to say that.
bool is_done_with(const events::protocol::Hello& hello, std::uint64_t accepted_seq, bool purged);

/// Errors:  wrong_log, not_permitted: of another chain; bad_signature.
events::Result<void> check_purged(const events::protocol::Purged& purged,
                                  const events::protocol::Hello& hello,
                                  const events::VerifyingKey& key);

}  // namespace server
