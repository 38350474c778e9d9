#pragma once

#include "clients/core/log/store.h"
#include "clients/core/replica/contact_notes.h"
#include "clients/core/sync/pull_engine.h"
#include "events/base/result.h"
#include "events/base/time.h"

namespace clients {

/// Takes into `notes` how things stand on a connection, for status screens, and keeps them; nothing
/// before the greeting was answered.  `done`: how the connection ended, good while it goes on.
/// Errors:  device_storage.
events::Result<void> note_meeting(ClientStore& store, ContactNotes& notes, const PullEngine& engine,
                                  const events::Result<void>& done, events::Timestamp now);

}  // namespace clients
