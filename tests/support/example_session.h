#pragma once

#include "events/log/block.h"
#include "events/log/event.h"
#include "events/log/merkle.h"
#include "events/log/private_record.h"
#include "events/protocol/messages.h"

#include <string>
#include <vector>

namespace test_support {

/// One frame of the session and its file below tests/golden/protocol, without the ending.
struct ExampleFrame {
  std::string name;
  events::protocol::Message message;
};

/// The short session that docs/log_format.md and docs/protocol.md print: a device enrols, greets,
/// pushes a person, a dossier and a registration, and pulls the founding of the log.  The log is
/// shortened to what the session shows: positions 1 (founding) and 2 to 4 (the push).
struct ExampleSession {
  events::PrivateRecord person;
  std::vector<events::Event> own_events;
  events::DeviceBlock pushed;
  events::StoredBlock founding;
  events::StoredBlock own;
  events::Frontier frontier;  ///< After position 4.
  std::vector<ExampleFrame> frames;
};

/// The same bytes on every call: fixed keys, fixed times, fixed salts.
ExampleSession example_session();

/// A commune's counts, and where one of its dossiers stands.
events::protocol::Totals some_totals();
events::protocol::DossierStatuses some_dossier_statuses();

}  // namespace test_support
