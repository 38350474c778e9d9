#include "clients/core/acts/decide.h"

#include "clients/core/acts/typed_text.h"
#include "events/base/ranges.h"

#include <utility>

namespace clients::acts {

using events::DossierState;
using events::NotRecognizedReason;
using events::Result;
using projections::Dossier;

namespace {

bool is_appraised(const Dossier& dossier) { return dossier.state == DossierState::appraised; }

bool is_refusable(const Dossier& dossier, const std::vector<NotRecognizedReason>& reasons) {
  const bool not_proposed = dossier.state == DossierState::reviewed &&
                            dossier.conclusion == events::ReviewConclusion::not_proposed;
  const bool not_qualified =
      is_appraised(dossier) && dossier.outcome == events::AppraisalOutcome::not_qualified;
  return (not_proposed || not_qualified) &&
         !events::ranges::any_of(reasons, [&](NotRecognizedReason reason) {
           return projections::contradicts(dossier, reason);
         });
}

}  // namespace

BulkStep decide_step() {
  const auto is_qualified = [](const Dossier& dossier) {
    return is_appraised(dossier) && dossier.outcome == events::AppraisalOutcome::qualified;
  };
  return {is_qualified, is_appraised};
}

Result<events::DecisionId> recognise(Draft& draft, const Occasion& occasion,
                                     const Recognition& recognition) {
  Result<std::string> symbol = typed_text(recognition.symbol);
  if (!symbol) return symbol.error();
  const Stamp stamp = occasion.stamp();
  const auto year = static_cast<std::uint16_t>(events::calendar_date(stamp.business_day).year);
  const events::DecisionId decision{draft.add(
      occasion.actor, stamp,
      events::DecisionIssued{recognition.issuer, recognition.number, year, std::move(*symbol),
                             recognition.capacity, recognition.dossiers})};
  for (const events::DossierId dossier : recognition.dossiers) {
    draft.add(occasion, events::TitleGranted{decision}, stream_of(dossier));
  }
  return decision;
}

BulkStep refuse_step(std::vector<NotRecognizedReason> reasons) {
  const auto is_ready = [reasons = std::move(reasons)](const Dossier& dossier) {
    return is_refusable(dossier, reasons);
  };
  const auto is_there = [](const Dossier& dossier) {
    return dossier.state == DossierState::reviewed || is_appraised(dossier);
  };
  return {is_ready, is_there};
}

void refuse_title(Draft& draft, const Occasion& occasion,
                  std::span<const events::DossierId> dossiers,
                  const std::vector<NotRecognizedReason>& reasons) {
  for (const events::DossierId dossier : dossiers) {
    draft.add(occasion, events::DossierNotRecognized{reasons}, stream_of(dossier));
  }
}

}  // namespace clients::acts
