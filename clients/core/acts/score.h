#pragma once

#include "clients/core/acts/draft.h"

#include <span>
#include <string>
#include <vector>

namespace clients::acts {

/// What a dossier is scored by.
///
/// Lifetime: until the next event is recorded.
struct BoundSheet {
  events::CriteriaId criteria;
  const events::CriteriaPublished* content = nullptr;
  const events::GroupVariant* variant = nullptr;
};

/// Errors:  not_found: no such dossier; invalid_argument: the criteria are not on this device.
events::Result<BoundSheet> sheet_of(const projections::State& state, events::DossierId dossier);

/// Scores in tenths, one for each indicator of the dossier's variant, in its order.
struct Scores {
  events::CriteriaId criteria;
  std::vector<std::uint16_t> scores_tenths;
};

/// The scores that were typed for a dossier, in one of the ways of read_scores().
/// Errors:  as sheet_of() and read_scores(); invalid_argument: the criteria have nothing to score.
events::Result<Scores> read_sheet(const BoundSheet& sheet, std::span<const std::string> typed);

/// A score sheet is recorded, with its total (V12); it replaces the one before.
void record_scores(Draft& draft, const Occasion& occasion, events::DossierId dossier,
                   const Scores& scores);

}  // namespace clients::acts
