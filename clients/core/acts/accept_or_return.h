#pragma once

#include "clients/core/acts/bulk_preview.h"
#include "clients/core/acts/draft.h"

namespace clients::acts {

/// Which dossiers wait for being accepted.
BulkStep accept_step();
/// Registrations are taken into the list: one event for each dossier.
void accept(Draft& draft, const Occasion& occasion, std::span<const events::DossierId> dossiers);

/// A dossier goes back to be completed.
struct Return {
  events::DossierId dossier;
  events::ReturnReason reason{};
  events::DossierState return_to{};  ///< The step to which it comes back.
  std::string note;                  ///< What is missing, as typed; may be empty.
};
events::Result<void> return_dossier(Draft& draft, const Occasion& occasion, const Return& wanted);
/// All return items are answered.  `note`: as typed, may be empty.
events::Result<void> resubmit(Draft& draft, const Occasion& occasion, events::DossierId dossier,
                              std::string_view note);
/// The person who registered withdraws.
events::Result<void> withdraw(Draft& draft, const Occasion& occasion, events::DossierId dossier,
                              std::string_view note);

}  // namespace clients::acts
