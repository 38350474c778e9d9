#pragma once

#include "clients/cli/session.h"
#include "events/kinds/criteria_events.h"

namespace clients {

/// What a dossier is scored by.
///
/// Lifetime: until the next event is recorded.
struct BoundSheet {
  events::CriteriaId criteria;
  const events::CriteriaPublished* content = nullptr;
  const events::GroupVariant* variant = nullptr;
};

/// Expects: a dossier of the pending state.
/// Errors:  invalid_argument, in words for the person: the criteria are not here, or have nothing
/// to
///          score.
events::Result<BoundSheet> sheet_of(Session& session, events::DossierId dossier);

}  // namespace clients
