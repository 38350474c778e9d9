#pragma once

#include "clients/core/log/store.h"
#include "events/base/result.h"
#include "events/base/time.h"

#include <cstdint>
#include <optional>
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
  /// Name of the error code that only somebody else can put right: "fork", "revoked", "quota"; or
  /// empty.
  std::string trouble;
  /// The rules that the server judged by at the last contact; none before one.
  events::RulesVersion server_rules = {};
};

/// How many seconds the device's clock is behind the last contact, as a negative number; nothing
/// when it is not.  Such a clock is wrong: time does not go back.  A clock that was fast at the
/// contact and is right now is not behind.
std::optional<std::int64_t> seconds_behind_contact(const ContactNotes& notes,
                                                   events::Timestamp now);

/// Errors:  device_storage.
events::Result<ContactNotes> load_contact_notes(const ClientStore& store);
events::Result<void> keep_contact_notes(ClientStore& store, const ContactNotes& notes);

}  // namespace clients
