#include "projections/texts/event_texts.h"

#include "projections/texts/sheet_texts.h"
#include "projections/texts/texts.h"

namespace projections {
namespace {

std::string votes_in(const events::ReviewHeld& meeting, const Dossier* dossier) {
  for (const events::ReviewEntry& entry : meeting.entries) {
    if (dossier == nullptr || entry.dossier != dossier->id) continue;
    std::string text(name_vi(entry.conclusion));
    text.append(", ").append(votes_vi(entry));
    text.append("; có mặt ").append(std::to_string(meeting.present));
    if (meeting.invited != 0) {
      text.append("/").append(std::to_string(meeting.invited)).append(" được mời");
    }
    return text;
  }
  return {};
}

std::string sheet_in(const events::SelfAssessmentRecorded& sheet, const Dossier* dossier,
                     const Rulebook& rulebook) {
  if (dossier == nullptr) return {};
  const auto [criteria, variant] = criteria_of(*dossier, rulebook);
  const bool is_bound = variant != nullptr && criteria->id == sheet.criteria;
  if (!is_bound) return points_vi(sheet.total_tenths) + " điểm";
  return sheet_vi(criteria->content, *variant, sheet.scores_tenths);
}

}  // namespace

std::string content_vi(const events::Payload& payload, const Dossier* dossier,
                       const Rulebook& rulebook) {
  return events::match(
      payload,
      [&](const events::SelfAssessmentRecorded& sheet) {
        return sheet_in(sheet, dossier, rulebook);
      },
      [&](const events::ReviewHeld& meeting) { return votes_in(meeting, dossier); },
      [](const events::DossierReviewed& reviewed) {
        return std::string(name_vi(reviewed.conclusion));
      },
      [](const events::DossierAppraised& appraised) {
        return std::string(name_vi(appraised.outcome)) + ", " + points_vi(appraised.total_tenths) +
               " điểm";
      },
      [](const events::DossierNotRecognized& refused) {
        std::string reasons;
        for (const events::NotRecognizedReason reason : refused.reasons) {
          reasons.append(reasons.empty() ? "" : ", ").append(name_vi(reason));
        }
        return reasons;
      },
      [](const events::DossierReturned& returned) { return std::string(name_vi(returned.reason)); },
      [](const auto&) { return std::string{}; });
}

}  // namespace projections
