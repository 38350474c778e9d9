#include "clients/core/acts/submit.h"

#include "clients/core/acts/typed_text.h"

#include <utility>

namespace clients::acts {

using events::Result;

BulkStep submit_step() {
  const auto is_reviewed = [](const projections::Dossier& dossier) {
    return dossier.state == events::DossierState::reviewed;
  };
  const auto is_proposed = [](const projections::Dossier& dossier) {
    return dossier.state == events::DossierState::reviewed &&
           dossier.conclusion == events::ReviewConclusion::proposed;
  };
  return {is_proposed, is_reviewed};
}

Result<events::ListId> submit(Draft& draft, const Occasion& occasion,
                              const Submission& submission) {
  Result<std::string> number = typed_text(submission.number);
  if (!number) return number.error();
  const auto total = static_cast<std::uint16_t>(submission.dossiers.size());
  const events::ListId list{draft.add(
      occasion,
      events::ListSubmitted{submission.issuer, std::move(*number), total, submission.dossiers})};
  for (const events::DossierId dossier : submission.dossiers) {
    draft.add(occasion, events::DossierSubmitted{list}, stream_of(dossier));
  }
  return list;
}

}  // namespace clients::acts
