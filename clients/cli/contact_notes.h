#pragma once

#include "clients/core/store.h"
#include "events/result.h"
#include "events/time.h"

#include <cstdint>
#include <string>

namespace clients {

/// What the last contacts with the server left behind, kept so that a device without a line can say
/// how it stands.
struct ContactNotes {
  events::Timestamp last_contact;  ///< The server last said something; 0 for never.
  events::Timestamp last_synced;   ///< Everything was known on both sides; 0 for never.
  bool caught_up = false;          ///< Nothing was missing when the last contact ended.
  /// Server clock minus device clock at the last contact.
  std::int64_t clock_difference_milliseconds = 0;
  /// Name of the error code that only somebody else can put right: "fork", "revoked"; or empty.
  std::string trouble;
};

/// Errors:  storage_failed.
events::Result<ContactNotes> load_contact_notes(const ClientStore& store);
events::Result<void> keep_contact_notes(ClientStore& store, const ContactNotes& notes);

}  // namespace clients
