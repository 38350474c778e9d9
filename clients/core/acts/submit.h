#pragma once

#include "clients/core/acts/bulk_preview.h"
#include "clients/core/acts/draft.h"

#include <string>
#include <vector>

namespace clients::acts {

/// A list that an association proposes.
struct Submission {
  events::OrganisationId issuer;
  std::string number;  ///< As on the paper, "05/TTr-HKH"; empty until it has one.
  std::vector<events::DossierId> dossiers;
};

/// Which dossiers wait for being proposed: those that a meeting proposed.
BulkStep submit_step();

/// The list and each dossier of it go to the council: 1 + n events.
events::Result<events::ListId> submit(Draft& draft, const Occasion& occasion,
                                      const Submission& submission);

}  // namespace clients::acts
