#include "clients/core/acts/accept_or_return.h"

#include <utility>

namespace clients::acts {

using events::Result;

BulkStep accept_step() {
  const auto is_registered = [](const projections::Dossier& dossier) {
    return dossier.state == events::DossierState::registered;
  };
  return {is_registered, is_registered};
}

void accept(Draft& draft, const Occasion& occasion, std::span<const events::DossierId> dossiers) {
  for (const events::DossierId dossier : dossiers) {
    draft.add(occasion, events::RegistrationAccepted{}, stream_of(dossier));
  }
}

Result<void> return_dossier(Draft& draft, const Occasion& occasion, const Return& wanted) {
  Result<std::optional<events::PrivateFields>> note = note_fields(wanted.note);
  if (!note) return note.error();
  draft.add(occasion, events::DossierReturned{wanted.reason, wanted.return_to, {}},
            stream_of(wanted.dossier), std::move(*note));
  return {};
}

Result<void> resubmit(Draft& draft, const Occasion& occasion, events::DossierId dossier,
                      std::string_view note) {
  Result<std::optional<events::PrivateFields>> fields = note_fields(note);
  if (!fields) return fields.error();
  draft.add(occasion, events::DossierResubmitted{}, stream_of(dossier), std::move(*fields));
  return {};
}

Result<void> withdraw(Draft& draft, const Occasion& occasion, events::DossierId dossier,
                      std::string_view note) {
  Result<std::optional<events::PrivateFields>> fields = note_fields(note);
  if (!fields) return fields.error();
  draft.add(occasion, events::DossierWithdrawn{}, stream_of(dossier), std::move(*fields));
  return {};
}

}  // namespace clients::acts
