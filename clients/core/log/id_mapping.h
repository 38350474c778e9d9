#pragma once

#include "events/log/event.h"

#include <functional>

namespace clients {

/// Gives an event's new id for its old one; the same id where nothing changes.
using NewIdOf = std::function<events::EventId(const events::EventId&)>;

/// Replaces every id that `payload` names: of people, dossiers, documents, wherever they stand in
/// it.
void map_ids(events::Payload& payload, const NewIdOf& new_id_of);

/// The payload of `event` with new ids.
/// Errors:  unsupported: a newer program wrote it.  Fields that are not known here may name ids, so
///          that nobody here can say the same with others.
events::Result<events::Payload> payload_with_new_ids(const events::Event& event,
                                                     const NewIdOf& new_id_of);

}  // namespace clients
