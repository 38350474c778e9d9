#pragma once

#include "clients/core/acts/bulk_preview.h"
#include "clients/core/acts/draft.h"

#include <string>
#include <vector>

namespace clients::acts {

/// A decision that recognises a list, as it was signed.
struct Recognition {
  events::OrganisationId issuer;
  std::uint32_t number{};  ///< From the issuer's register of the year, at least 1.
  std::string symbol;      ///< Behind the number, as typed: "QĐ-UBND".
  events::SigningCapacity capacity{};
  std::vector<events::DossierId> dossiers;
};

/// Which dossiers wait for a decision: those that the council found qualified.
BulkStep decide_step();

/// The decision, in the year of its business day, and the title of each dossier: 1 + n events.
events::Result<events::DecisionId> recognise(Draft& draft, const Occasion& occasion,
                                             const Recognition& recognition);

/// Which dossiers can be refused for these reasons, as far as their sheets can tell.
BulkStep refuse_step(std::vector<events::NotRecognizedReason> reasons);

/// The title is refused for reasons that the citizen can read: one event for each dossier.
void refuse_title(Draft& draft, const Occasion& occasion,
                  std::span<const events::DossierId> dossiers,
                  const std::vector<events::NotRecognizedReason>& reasons);

}  // namespace clients::acts
