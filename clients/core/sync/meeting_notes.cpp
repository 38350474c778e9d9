#include "clients/core/sync/meeting_notes.h"

#include "clients/core/log/settings.h"

namespace clients {

using events::ErrorCode;
using events::Result;

Result<void> note_meeting(ClientStore& store, ContactNotes& notes, const PullEngine& engine,
                          const Result<void>& done, events::Timestamp now) {
  if (engine.state() == SyncState::idle || engine.state() == SyncState::greeting) return {};
  notes.last_contact = now;
  // All is here only when the log has signed what all is.
  notes.caught_up = engine.progress().caught_up && engine.progress().head_confirmed;
  notes.clock_difference_milliseconds = engine.clock_difference_milliseconds();
  if (engine.server_rules().value != 0) notes.server_rules = engine.server_rules();
  if (engine.progress().synced()) notes.last_synced = now;
  const bool hopeless = engine.state() == SyncState::forked || engine.state() == SyncState::revoked;
  const ErrorCode why = done ? ErrorCode{} : done.error().code;
  const bool is_held_up = why == ErrorCode::quota || why == ErrorCode::storage_corrupt;
  notes.trouble = (hopeless || is_held_up) && !done ? events::name_of(done.error().code) : "";
  return keep_contact_notes(store, notes);
}

}  // namespace clients
