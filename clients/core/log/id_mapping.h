#pragma once

#include "events/log/event.h"

#include <functional>

namespace clients {

/// Gives an event's new id for its old one; the same id where nothing changes.
using NewIdOf = std::function<events::EventId(const events::EventId&)>;

/// Replaces every id that `payload` names: of people, dossiers, documents, wherever they stand in
/// it.
void map_ids(events::Payload& payload, const NewIdOf& new_id_of);

}  // namespace clients
