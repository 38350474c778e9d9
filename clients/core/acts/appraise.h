#pragma once

#include "clients/core/acts/bulk_preview.h"
#include "clients/core/acts/draft.h"

namespace clients::acts {

/// What a council found when it checked a sheet against the criteria.
struct Appraisal {
  events::DossierId dossier;
  events::AppraisalOutcome outcome{};
  std::uint16_t total_tenths{};
};

/// Which dossiers wait for the council.
BulkStep appraise_step();

/// The outcome follows from the sheet and the criteria; nobody types it.
/// Errors:  not_found: no such dossier.
events::Result<Appraisal> appraisal_of(const projections::State& state, events::DossierId dossier);

void appraise(Draft& draft, const Occasion& occasion, const Appraisal& appraisal);
/// The same for some dossiers, each with the outcome of its sheet in the draft's state.
/// Errors:  as appraisal_of().
events::Result<void> appraise(Draft& draft, const Occasion& occasion,
                              std::span<const events::DossierId> dossiers);

}  // namespace clients::acts
