#include "clients/core/acts/appraise.h"

namespace clients::acts {

using events::Result;

BulkStep appraise_step() {
  const auto is_submitted = [](const projections::Dossier& dossier) {
    return dossier.state == events::DossierState::submitted;
  };
  return {is_submitted, is_submitted};
}

Result<Appraisal> appraisal_of(const projections::State& state, events::DossierId id) {
  const Result<const projections::Dossier*> dossier = dossier_of(state, id);
  if (!dossier) return dossier.error();
  const auto outcome = (*dossier)->sheet_passes ? events::AppraisalOutcome::qualified
                                                : events::AppraisalOutcome::not_qualified;
  return Appraisal{id, outcome, (*dossier)->total_tenths};
}

void appraise(Draft& draft, const Occasion& occasion, const Appraisal& appraisal) {
  draft.add(occasion, events::DossierAppraised{appraisal.outcome, appraisal.total_tenths},
            stream_of(appraisal.dossier));
}

Result<void> appraise(Draft& draft, const Occasion& occasion,
                      std::span<const events::DossierId> dossiers) {
  std::vector<Appraisal> appraisals;
  for (const events::DossierId dossier : dossiers) {
    const Result<Appraisal> appraisal = appraisal_of(draft.state(), dossier);
    if (!appraisal) return appraisal.error();
    appraisals.push_back(*appraisal);
  }
  for (const Appraisal& appraisal : appraisals) appraise(draft, occasion, appraisal);
  return {};
}

}  // namespace clients::acts
