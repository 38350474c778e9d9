#pragma once

#include "events/log/event_log.h"
#include "events/protocol/summary_messages.h"
#include "projections/state/state.h"
#include "projections/views/statistics.h"
#include "server/feed/recent_dossiers.h"

#include <variant>

namespace server {

/// What a subscriber wants to know next.
struct SummaryQuestion {
  events::protocol::SummaryMode mode{};
  events::ReaderScope scope;  ///< What it may see.
  events::UnitId unit;        ///< What it asked for; none: all of that.
  events::Position after;     ///< What it knows.
  events::Day day{};          ///< On which the units lie below each other.
};

using Summary = std::variant<events::protocol::Totals, events::protocol::DossierStatuses>;

/// What changed behind `question.after`, as it is now: the oldest changes first, as many as fit a
/// frame.  Nothing is kept between two questions, so a slow subscriber costs nothing and gets each
/// row once, however often it changed meanwhile.
///
/// Cost: a look at what moved behind `question.after`; for dossier statuses a look at every dossier
///       when `recent` does not reach back so far.
Summary summarize(const SummaryQuestion& question, const projections::State& state,
                  const projections::Statistics& statistics, const RecentDossiers& recent);

}  // namespace server
