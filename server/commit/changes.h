#pragma once

#include "events/log/event.h"
#include "projections/state/dossiers.h"
#include "projections/state/projection.h"
#include "projections/state/state.h"

#include <optional>
#include <vector>

namespace server {

/// An event that took effect and what it changed, for those who follow the log on other threads.
struct Change {
  explicit Change(const projections::EffectiveEvent& effective);

  /// Lifetime: as long as this.
  projections::EffectiveEvent effective() const;

  events::Position position;
  events::Timestamp received_at;
  events::Event event;  ///< Without its canonical bytes.
  events::Verdict verdict;
  std::optional<projections::Dossier> before;
  std::optional<projections::Dossier> after;
};

/// What an append changed.
struct Changes {
  projections::State state;     ///< Behind all of them.
  std::vector<Change> changes;  ///< In the order in which they took effect.
};

}  // namespace server
